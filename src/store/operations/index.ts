import type { OperationContext, Session } from '../session.ts';
import { ackAlert, claimLetter, dropOldAlerts, keepAlerts, settleLetter } from './alerts.ts';
import { appendAudit } from './append-audit.ts';
import { raiseAttention, settleAttention } from './attention.ts';
import { cancelWriteBacks } from './cancel-write-backs.ts';
import { claimBetweenPauses } from './claim-between-pauses.ts';
import { claimReceipts, claimWriteBacks, renewClaim } from './claim-write-backs.ts';
import { liftControl, replaceControl, setControl } from './controls.ts';
import { writeCursor } from './cursors.ts';
import { beginRestored, doubtOpenRows } from './doubt-open-rows.ts';
import { dropOldRows } from './drop-old-rows.ts';
import { eraseCall, eraseLeads } from './erase-person.ts';
import { holdSlots } from './hold-slots.ts';
import { keepCounts } from './keep-counts.ts';
import { keepTranscript } from './keep-transcript.ts';
import { releaseLease, takeLease } from './leases.ts';
import { countTry, dropOldTries, forgetTries, forgiveTry } from './log-in-failures.ts';
import { keepMapping } from './mappings.ts';
import { markCalls } from './mark-calls.ts';
import { previewFacts } from './preview-facts.ts';
import { forgetProcess, reportProcess } from './processes.ts';
import { purgeCalls } from './purge-calls.ts';
import { recordFacts } from './record-facts.ts';
import { redoWriteBacks, replayWriteBacks } from './reopen-write-backs.ts';
import { replan } from './replan.ts';
import { saveLeads } from './save-leads.ts';
import { endSessions, renewSession, startSession } from './sessions.ts';
import { settleSoon } from './settle-soon.ts';
import { settleWriteBacks } from './settle-write-backs.ts';

/** Every write unit by name. Each runs in one transaction, and may run twice: no side effects in it. */
export const operations = {
  recordFacts,
  previewFacts,
  replan,
  claimWriteBacks,
  claimBetweenPauses,
  claimReceipts,
  renewClaim,
  settleWriteBacks,
  settleSoon,
  replayWriteBacks,
  redoWriteBacks,
  cancelWriteBacks,
  saveLeads,
  takeLease,
  releaseLease,
  holdSlots,
  writeCursor,
  raiseAttention,
  settleAttention,
  appendAudit,
  setControl,
  liftControl,
  replaceControl,
  keepMapping,
  keepAlerts,
  ackAlert,
  claimLetter,
  settleLetter,
  dropOldAlerts,
  eraseCall,
  eraseLeads,
  keepTranscript,
  keepCounts,
  markCalls,
  reportProcess,
  forgetProcess,
  startSession,
  renewSession,
  endSessions,
  countTry,
  forgiveTry,
  forgetTries,
  dropOldTries,
  purgeCalls,
  dropOldRows,
  beginRestored,
  doubtOpenRows,
  /** Shows that a write could begin. */
  ping,
} satisfies Record<string, Operation>;

export type Operations = typeof operations;
export type OperationName = keyof Operations;

/** `never`: each unit has an input of its own. */
type Operation = (trx: Session, input: never, context: OperationContext) => Promise<unknown>;

async function ping(trx: Session, _input: null): Promise<void> {
  await trx.run('select 1', []);
}
