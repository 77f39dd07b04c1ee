import { ConnectorError } from '../../../src/domain/errors.ts';
import type { WriteBackTarget } from '../../../src/domain/write-back.ts';
import { findLine } from '../api/api-answer.ts';
import { isPlainCode } from '../caller-code.ts';
import type { CallLog } from '../reads.ts';
import type { Vicidial } from '../vicidial.ts';
import type { Situation } from './situation.ts';

type LogCorrection = 'right' | 'none' | 'redialled';

/**
 * Sets the status of our call's log row. update_log_entry takes the lead's newest row of the group, whichever call's it
 * is; so it is asked only while ours is the newest and no call of the lead goes on, and the uniqueid that comes back
 * proves it. If another call came in between, its row is put back as it was.
 */
export async function correctLog(
  vicidial: Vicidial,
  target: WriteBackTarget,
  leadId: string,
  log: CallLog,
  status: string,
): Promise<LogCorrection> {
  const { api, deps, id, reads } = vicidial;
  if (!isPlainCode(target.callKey) || !log.campaign || log.isArchived) return 'none';
  if (log.status === status && !deps.ignoresIdempotency) return 'right';
  // The row of a call that is dialled now would come between this look and the request.
  if ((await reads.liveCalls(target.callKey, leadId)).length > 0) return 'redialled';

  const request = { group: log.campaign, call_id: target.callKey };
  const answer = await api.call('update_log_entry', { ...request, status });
  // user|user|group|call_id|new|old|uniqueid| when changed, and one `user` fewer when it was so already.
  const changed = findLine(answer, 'success', 'RECORD HAS BEEN UPDATED');
  const same = findLine(answer, 'error', 'NO RECORDS UPDATED');
  const [, old = '', uniqueid = ''] = (changed?.parts.slice(4) ?? same?.parts.slice(3) ?? []) as string[];
  if (!changed && !same) {
    deps.log.warn({ dialer: id, group: log.campaign }, 'the log entry of a call could not be changed');
    return 'none';
  }
  if (isRowOf(log, uniqueid, old)) return 'right';
  if (changed && /^[A-Za-z0-9_-]{1,6}$/.test(old)) {
    await api.call('update_log_entry', { ...request, status: old }).catch((cause: unknown) => {
      throw stillChanged(cause);
    });
    deps.log.warn({ dialer: id, group: log.campaign }, 'the log entry of a newer call was put back as it was');
  }
  return 'redialled';
}

/** The newer call's row holds our status still: in doubt, so that the next try mends it (see mendOtherLog). */
function stillChanged(cause: unknown): unknown {
  if (!(cause instanceof ConnectorError)) return cause;
  const { code, message, hint, afterMs } = cause;
  return new ConnectorError(code, message, {
    ...{ retryable: true, inDoubt: true, hint, cause },
    ...(afterMs !== undefined && { afterMs }),
  });
}

/** Without its uniqueid, our row is known by the status that it had, and by when its channel began. */
function isRowOf({ uniqueid, status, startedBetween }: CallLog, said: string, old: string): boolean {
  if (!startedBetween) return digits(said) === digits(uniqueid);
  const [from, to] = startedBetween;
  const began = Number.parseInt(said, 10);
  return old === status && began >= from && began <= to;
}

function digits(uniqueid: string): string {
  return uniqueid.replace(/\D/g, '');
}

/** Whom the dialer names in the log of a call that nobody has had. */
const nobody: readonly string[] = ['VDAD', 'VDCL'];

/**
 * After an update_log_entry whose answer was lost: where it hit the row of a newer call instead of ours, nothing told what
 * that row had said before. The dialer never puts an agent's code into the row of a call that no line and no person had,
 * so such a row gets what the dialer itself would say: QUEUE while the call goes on, else what it put into the lead.
 */
export async function mendOtherLog(
  { api, deps, id, reads }: Vicidial,
  { lead, log }: Extract<Situation, { kind: 'redialled' }>,
  callKey: string,
  status: string,
): Promise<void> {
  const last = await reads.lastWord(lead.lead_id);
  const isHit = last?.status === status && last.uniqueid !== log?.uniqueid && nobody.includes(last.user);
  if (!last || !isHit || !isPlainCode(callKey)) return;
  const before = last.isEnded ? lead.status : 'QUEUE';
  if (before === status) return;
  await api.call('update_log_entry', { group: last.campaign, call_id: callKey, status: before });
  deps.log.warn({ dialer: id, group: last.campaign }, 'the log entry of a newer call was put back as it was');
}
