import { findLine } from '../api/api-answer.ts';
import { isPlainCode } from '../caller-code.ts';
import type { CallLog } from '../reads.ts';
import type { Vicidial } from '../vicidial.ts';

/**
 * Sets the status of our call's log row. update_log_entry takes the lead's newest row of the group, whichever call's it
 * is; the caller has seen that ours is the newest, and the uniqueid that comes back proves it. If another call came in
 * between, its row is put back as it was.
 */
export async function correctLog(
  { api, deps, id }: Pick<Vicidial, 'api' | 'deps' | 'id'>,
  code: string,
  log: CallLog,
  status: string,
): Promise<'right' | 'none' | 'redialled'> {
  if (!isPlainCode(code) || !log.campaign) return 'none';
  if (log.status === status && !deps.ignoresIdempotency) return 'right';

  const request = { group: log.campaign, call_id: code };
  const answer = await api.call('update_log_entry', { ...request, status });
  // user|user|group|call_id|new|old|uniqueid| when changed, and one `user` fewer when it was so already.
  const changed = findLine(answer, 'success', 'RECORD HAS BEEN UPDATED');
  const same = findLine(answer, 'error', 'NO RECORDS UPDATED');
  const [, old = '', uniqueid = ''] = (changed?.parts.slice(4) ?? same?.parts.slice(3) ?? []) as string[];
  if (!changed && !same) {
    deps.log.warn({ dialer: id, group: log.campaign }, 'the log entry of a call could not be changed');
    return 'none';
  }
  if (digits(uniqueid) === digits(log.uniqueid)) return 'right';
  if (changed && /^[A-Za-z0-9_-]{1,6}$/.test(old)) {
    await api.call('update_log_entry', { ...request, status: old });
    deps.log.warn({ dialer: id, group: log.campaign }, 'the log entry of a newer call was put back as it was');
  }
  return 'redialled';
}

function digits(uniqueid: string): string {
  return uniqueid.replace(/\D/g, '');
}
