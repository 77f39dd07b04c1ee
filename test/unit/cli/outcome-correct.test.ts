import { userInfo } from 'node:os';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  adasNumber,
  callerCode,
  committed,
  entry,
  legOf,
  record,
  registration,
} from '../../contract/store/store-cast.ts';
import { type CommandSite, makeCommandSite } from '../../support/command-site.ts';

let site: CommandSite;
let id: string;

beforeEach(async () => {
  site = makeCommandSite({ dispositions: { sale: 'sold', wrong_number: 'nobody' } });
  await site.withStore(async (store) => {
    const leg = legOf('V1', { dialer: 'carousel', campaign: 'Autumn' });
    id = (await record(store, entry([callerCode('V1')], 'registered', registration(leg)))).call.correlationId;
    await record(store, entry([callerCode('V1')], 'commit', committed('sale')));
  });
});

afterEach(() => site.remove());

it('corrects the call that a number names, and says what is written', async () => {
  const run = await correct(adasNumber, 'wrong_number', '--why', 'heard it', '--by', 'grace');

  expect(run.exitCode).toBe(0);
  expect(run.out).toContain(`call ${id}: was sale, is wrong_number`);
  expect(run.out).toMatch(/carousel +disposition +nobody/);
  await site.withStore(async (store) => {
    expect((await store.callById(id))?.outcome).toMatchObject({ code: 'wrong_number', basis: 'operator' });
    const by = `cli:${userInfo().username}`;
    expect(await store.auditLog(9)).toMatchObject([{ by, act: 'outcome-correct', details: { saidBy: 'grace' } }]);
  });
});

it('needs a code that is known, and one call', async () => {
  const runs = [await correct(id, 'wrong', '--why', 'x'), await correct('nobody', 'sale', '--why', 'x')];

  expect(runs.map(({ exitCode }) => exitCode)).toEqual([1, 1]);
  expect(runs[0]?.err).toContain('wrong_number');
  await site.withStore(async (store) => expect((await store.callById(id))?.outcome?.code).toBe('sale'));
});

function correct(...words: string[]) {
  return site.run('outcome', 'correct', ...words);
}
