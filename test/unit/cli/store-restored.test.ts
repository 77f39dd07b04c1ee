import { afterEach, beforeEach, expect, it } from 'vitest';
import { restoredWaitCursor } from '../../../src/domain/restored.ts';
import { type CommandSite, makeCommandSite } from '../../support/command-site.ts';

let site: CommandSite;
beforeEach(() => {
  site = makeCommandSite();
});
afterEach(() => site.remove());

it('says that a backup was put back, shows what waits, and goes on when a person says so', async () => {
  await site.withStore(async () => undefined);

  await site.run('store', 'restored');
  const meanwhile = await look();
  const goneOn = await site.run('store', 'restored', '--go-on');
  const after = await look();
  await site.run('store', 'restored');
  const anew = await look();

  expect([meanwhile.waits, after.waits, anew.waits]).toEqual([true, false, true]);
  expect([meanwhile.open, after.open, anew.open]).toEqual([1, 0, 1]);
  expect(goneOn.exitCode).toBe(0);
  expect(after.audited).toContainEqual({ goOn: 'yes' });
}, 60_000);

function look() {
  return site.withStore(async (store) => {
    const waits = (await store.readCursor(restoredWaitCursor)) !== '';
    const open = (await store.attention({ kind: 'finding', isOpen: true, limit: 9 })).length;
    const audited = (await store.auditOf('store', 9)).map(({ details }) => details);
    return { waits, open, audited };
  });
}
