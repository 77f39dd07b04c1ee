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
  await remove(trx, keyOf(control));
  await insert(trx, control);
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

export interface ReplaceControlInput {
  of: { kind: ControlKind; scope: ControlScope };
  /** What is to be replaced, as it was read; null: nothing was set. */
  seen: Control | null;
  /** Null: it is only taken away. */
  to: Control | null;
  audit: readonly AuditEntry[];
}

/** Puts a control in the place of the one that was seen. False, and nothing is changed, when there is another by now. */
export async function replaceControl(
  trx: Session,
  { of, seen, to, audit }: ReplaceControlInput,
  context: OperationContext,
): Promise<boolean> {
  const key = keyOf(of);
  // Two who see nothing insert the same row: the second one's unit runs again, and sees it.
  const isAsSeen = seen ? (await remove(trx, key, seen)) === 1 : !(await isSet(trx, key));
  if (!isAsSeen) return false;
  if (to) await insert(trx, to);
  for (const entry of audit) await appendAudit(trx, entry, context);
  return true;
}

async function insert(trx: Session, control: Control): Promise<void> {
  const { percent, note, by, at } = control;
  const told = { percent, note: fitKey(note), set_by: fitKey(by, keyLengths.name), set_at: at };
  await trx.db
    .insertInto('controls')
    .values({ ...keyOf(control), ...told })
    .execute();
}

type Key = ReturnType<typeof keyOf>;

/** @param seen only where it is the one that was set so */
async function remove(trx: Session, key: Key, seen?: Control): Promise<number> {
  const told = seen && { percent: seen.percent, set_by: seen.by, set_at: seen.at };
  const { numDeletedRows } = await trx.db
    .deleteFrom('controls')
    .where(({ and }) => and({ ...key, ...told }))
    .executeTakeFirst();
  return Number(numDeletedRows);
}

async function isSet(trx: Session, key: Key): Promise<boolean> {
  const row = await trx.db
    .selectFrom('controls')
    .select('kind')
    .where(({ and }) => and(key))
    .executeTakeFirst();
  return row !== undefined;
}

function keyOf({ kind, scope }: { kind: ControlKind; scope: ControlScope }) {
  return {
    kind,
    dialer: fitKey(scope.dialer, keyLengths.name),
    campaign: fitKey(scope.campaign),
    aspect: scope.aspect,
  };
}
