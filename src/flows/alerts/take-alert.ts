import { instantOf } from '../../domain/clock.ts';
import { ConnectorError } from '../../domain/errors.ts';
import type { Deps } from '../deps.ts';

/**
 * Somebody takes care of an alert: it is neither told again nor passed on, until it ends. Audited.
 *
 * @param id the alert's, or its beginning where no other begins so
 * @param why for the audit log (Default: nothing is said)
 * @param nameOf what the refusal calls who took it before (Default: by name)
 */
export async function takeAlert(
  deps: Pick<Deps, 'store' | 'clock'>,
  {
    id,
    by,
    why = '',
    nameOf = (who) => who,
  }: { id: string; by: string; why?: string; nameOf?: (by: string) => string },
): Promise<void> {
  const open = (await deps.store.openAlerts()).filter((alert) => id !== '' && alert.id.startsWith(id));
  const [alert, ...others] = open;
  if (!alert || others.length > 0) {
    throw new ConnectorError('not_found', `${alert ? 'several alerts begin' : 'no alert begins'} with "${id}"`, {
      hint: '`patchbay alerts` shows those that hold, with their ids.',
    });
  }
  const at = instantOf(deps.clock);
  if (!(await deps.store.ackAlert({ id: alert.id, by, now: at }))) {
    const who = alert.ackedBy ? `${nameOf(alert.ackedBy)} has taken it` : 'it is over';
    throw new ConnectorError('bad_request', `nothing was changed: ${who}`, { hint: 'Look at the list again.' });
  }
  const details = { kind: alert.kind, about: alert.key, ...(why && { why }) };
  await deps.store.appendAudit({ at, by, act: 'alert-taken', subject: alert.id, details });
}
