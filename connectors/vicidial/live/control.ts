import type { Leg } from '../../../src/domain/call.ts';
import type { ControlAnswer, LiveCallControl } from '../../../src/domain/dialer.ts';
import { findLine, wordsOf } from '../api/api-answer.ts';
import type { Vicidial } from '../vicidial.ts';

/** Acts on a live call by ra_call_control. SUCCESS says that the command is queued, not that the line was cut. */
export function liveCallControl(vicidial: Vicidial): LiveCallControl {
  return {
    hangUp: (leg, disposition) => control(vicidial, leg, { stage: 'HANGUP', status: disposition }),
    transfer: (leg, to, disposition) =>
      control(vicidial, leg, { stage: 'INGROUPTRANSFER', ingroup_choices: to, status: disposition }),
  };
}

async function control(
  vicidial: Vicidial,
  leg: Leg,
  command: { stage: string; status: string; ingroup_choices?: string },
): Promise<ControlAnswer> {
  // The user is written to the log, so it must be the line that really has the call.
  const user = (await vicidial.reads.lineOf(leg.callKey)) || leg.agent;
  if (!user) return { kind: 'over' };
  const answer = await vicidial.api.callAgent('ra_call_control', { agent_user: user, value: leg.callKey, ...command });
  if (findLine(answer, 'success')) return { kind: 'done' };
  if (findLine(answer, 'error', 'no active call found')) return { kind: 'over' };
  const isGroup = findLine(answer, 'error', 'ingroup is not valid') !== undefined;
  return {
    kind: 'refused',
    why: `VICIdial answered ra_call_control: ${wordsOf(answer)}`,
    hint: isGroup
      ? 'The in-group must exist and be active.'
      : 'Check that the remote-agent lines are logged in, and the release of the Agent API.',
  };
}
