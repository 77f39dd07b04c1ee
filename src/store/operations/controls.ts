import type { Control, ControlKind, ControlScope } from '../../domain/controls.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import type { Session } from '../session.ts';

/** Puts a control in the place of what was set for its kind and scope. */
export async function setControl(trx: Session, control: Control): Promise<void> {
  const key = keyOf(control);
  const { percent, note, by, at } = control;
  const told = { percent, note: fitKey(note), set_by: fitKey(by, keyLengths.name), set_at: at };
  await remove(trx, key);
  await trx.db
    .insertInto('controls')
    .values({ ...key, ...told })
    .execute();
}

/** Takes a control away. False when there was none. */
export async function liftControl(trx: Session, of: { kind: ControlKind; scope: ControlScope }): Promise<boolean> {
  return (await remove(trx, keyOf(of))) > 0;
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
