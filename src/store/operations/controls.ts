import type { AuditEntry } from '../../domain/audit.ts';
import type { Control, ControlKind, ControlScope } from '../../domain/controls.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import type { OperationContext, Session } from '../session.ts';
import { appendAudit } from './append-audit.ts';

/** Puts a control in the place of what was set for its kind and scope. */
export async function setControl(
  trx: Session,
  { control, audit }: { control: Control; audit: AuditEntry },
  context: OperationContext,
): Promise<void> {
  const key = keyOf(control);
  const { percent, note, by, at } = control;
  const told = { percent, note: fitKey(note), set_by: fitKey(by, keyLengths.name), set_at: at };
  await remove(trx, key);
  await trx.db
    .insertInto('controls')
    .values({ ...key, ...told })
    .execute();
  await appendAudit(trx, audit, context);
}

/** Takes a control away. False when there was none. */
export async function liftControl(
  trx: Session,
  { of, audit }: { of: { kind: ControlKind; scope: ControlScope }; audit: AuditEntry },
  context: OperationContext,
): Promise<boolean> {
  if ((await remove(trx, keyOf(of))) === 0) return false;
  await appendAudit(trx, audit, context);
  return true;
}

async function remove(trx: Session, key: ReturnType<typeof keyOf>): Promise<number> {
  const { kind, dialer, campaign, aspect } = key;
  const { numDeletedRows } = await trx.db
    .deleteFrom('controls')
    .where('kind', '=', kind)
    .where('dialer', '=', dialer)
    .where('campaign', '=', campaign)
    .where('aspect', '=', aspect)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

function keyOf({ kind, scope }: { kind: ControlKind; scope: ControlScope }) {
  return {
    kind,
    dialer: fitKey(scope.dialer, keyLengths.name),
    campaign: fitKey(scope.campaign),
    aspect: scope.aspect,
  };
}
