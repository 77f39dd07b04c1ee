import type { Room } from './page.ts';
import { alertsRoom } from './pages/alerts/alerts-room.ts';
import { attentionRoom } from './pages/attention/attention-room.ts';
import { auditRoom } from './pages/audit/audit-room.ts';
import { callsRoom } from './pages/calls/calls-room.ts';
import { capacityRoom } from './pages/capacity/capacity-room.ts';
import { configurationRoom } from './pages/configuration/configuration-room.ts';
import { controlsRoom } from './pages/controls/controls-room.ts';
import { doctorRoom } from './pages/doctor/doctor-room.ts';
import { leadsRoom } from './pages/leads/leads-room.ts';
import { optOutsRoom } from './pages/opt-outs/opt-outs-room.ts';
import { overviewRoom } from './pages/overview/overview-room.ts';
import { scorecardRoom } from './pages/scorecard/scorecard-room.ts';
import { sessionsRoom } from './pages/sessions/sessions-room.ts';
import { setupRoom } from './pages/setup/setup-room.ts';
import { shadowRoom } from './pages/shadow/shadow-room.ts';
import { writeBacksRoom } from './pages/write-backs/write-backs-room.ts';

/** Every room of the console, in the order of the navigation. */
export const rooms: readonly Room[] = [
  overviewRoom,
  callsRoom,
  writeBacksRoom,
  attentionRoom,
  controlsRoom,
  alertsRoom,
  optOutsRoom,
  shadowRoom,
  scorecardRoom,
  capacityRoom,
  leadsRoom,
  doctorRoom,
  setupRoom,
  configurationRoom,
  auditRoom,
  sessionsRoom,
];
