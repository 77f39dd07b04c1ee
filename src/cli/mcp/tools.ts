import type { McpWrite } from '../../../config/mcp.ts';
import type { Tool } from './tool.ts';
import { acknowledgeAlert } from './tools/acknowledge-alert.ts';
import { alerts } from './tools/alerts.ts';
import { attention } from './tools/attention.ts';
import { backlog } from './tools/backlog.ts';
import { controls } from './tools/controls.ts';
import { doctor } from './tools/doctor.ts';
import { listWriteBacks } from './tools/list-write-backs.ts';
import { optOuts } from './tools/opt-outs.ts';
import { pause, resume } from './tools/pauses.ts';
import { previewReplayTool } from './tools/preview-replay.ts';
import { replayWriteBacks } from './tools/replay-write-backs.ts';
import { scorecard } from './tools/scorecard.ts';
import { searchCallsTool } from './tools/search-calls.ts';
import { settleAttention } from './tools/settle-attention.ts';
import { showCall } from './tools/show-call.ts';
import { status } from './tools/status.ts';

/** They only look. */
export const readingTools: readonly Tool[] = [
  status,
  searchCallsTool,
  showCall,
  attention,
  alerts,
  backlog,
  listWriteBacks,
  previewReplayTool,
  optOuts,
  scorecard,
  controls,
  doctor,
];

/** They act: each is there only where the configuration names it. */
export const writingTools: Readonly<Record<McpWrite, Tool>> = {
  pause,
  resume,
  replay_write_backs: replayWriteBacks,
  settle_attention: settleAttention,
  acknowledge_alert: acknowledgeAlert,
};

/** What an assistant may use. */
export function toolsFor(writes: readonly McpWrite[]): Tool[] {
  return [...readingTools, ...new Set(writes.map((name) => writingTools[name]))];
}
