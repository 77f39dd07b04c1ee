import { userInfo } from 'node:os';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Store } from '../../../src/store/store.ts';
import { callerCode, committed, entry, legOf, noon, record, registration } from '../../contract/store/store-cast.ts';
import { type CommandSite, makeCommandSite } from '../../support/command-site.ts';
import { linesOf } from './run-main.ts';

const conversation = { instance: 'sigmamind', kind: 'call-id', key: 'c1' };
const key = 'sigmamind:c1';
const by = `cli:${userInfo().username}`;

let site: CommandSite;
let one: string;
let two: string;

beforeEach(async () => {
  site = makeCommandSite();
  await site.withStore(async (store) => {
    one = await registered(store, 'V1');
    two = await registered(store, 'V2');
    await record(store, entry([conversation], 'commit', committed('sale')));
    const details = {
      platform: 'sigmamind',
      conversation: 'c1',
      candidate1: `${one} ${noon}`,
      candidate2: `${two} ${noon}`,
    };
    await store.raiseAttention([{ kind: 'ambiguous-call', key, details }], noon);
    await store.raiseAttention([{ kind: 'unknown-event', key: 'sigmamind:odd', details: { text: '{}' } }], noon);
  });
});

afterEach(() => site.remove());

it('shows what is open, with what a person needs to decide', async () => {
  const shown = await run();
  const json = linesOf(await run('--json', '--kind', 'ambiguous-call'));

  expect(shown.out).toContain(`ambiguous-call  ${key}`);
  expect(shown.out).toContain(`candidate2: ${two}`);
  expect(json).toMatchObject([{ key, details: { candidate1: `${one} ${noon}` } }]);
});

it('masks numbers, in keys too, unless they are asked for, which is on record', async () => {
  const told = {
    kind: 'unlisted-outcome',
    key: 'sigmamind:call 3125550144',
    details: { code: 'call 312-555-0144' },
  } as const;
  await site.withStore((store) => store.raiseAttention([told], noon));

  const [shown, json, whole] = [await run(), await run('--json'), await run('--show-numbers')];

  expect(`${shown.out}${json.out}`).not.toMatch(/5550144|555-0144/);
  expect(whole.out).toContain('312-555-0144');
  await site.withStore(async (store) => {
    const audited = (await store.auditLog(9)).filter(({ act }) => act === 'number-shown');
    expect(audited.map(({ subject }) => subject)).toContain('unlisted-outcome sigmamind:call 3125550144');
  });
});

it('binds a conversation to the call that was chosen, once', async () => {
  const chosen = await run('choose', key, two);
  const other = await run('choose', key, one);

  expect([chosen.exitCode, other.exitCode]).toEqual([0, 1]);
  expect(other.err).toContain('leave');
  await site.withStore(async (store) => {
    expect((await store.callByRef(conversation))?.correlationId).toBe(two);
    expect((await store.callById(two))?.outcome?.code).toBe('sale');
    expect((await store.callById(one))?.outcome).toBeNull();
    expect(await store.auditLog(9)).toMatchObject([{ by, act: 'attention-choose', details: { chose: two } }]);
  });
});

it('takes a thing off the list only with a reason', async () => {
  const without = await run('leave', 'sigmamind:odd');
  const left = await run('leave', 'sigmamind:odd', '--why', 'a test of theirs');
  const all = await run('--all');

  expect([without.exitCode, left.exitCode]).toEqual([1, 0]);
  expect((await run()).out).not.toContain('sigmamind:odd');
  expect(all.out).toContain(`by ${by}: left: a test of theirs`);
});

it('says what it does not know', async () => {
  const kind = await run('--kind', 'unheard-of');
  const missing = await run('choose', 'sigmamind:c9', one);

  expect([kind.exitCode, missing.exitCode]).toEqual([1, 1]);
  expect(kind.err).toContain('ambiguous-call');
  expect(missing.err).toContain('patchbay attention');
});

async function run(...words: string[]) {
  return site.run('attention', ...words).catch((error: unknown) => ({
    exitCode: 1,
    out: '',
    err: String(error),
  }));
}

async function registered(store: Store, code: string): Promise<string> {
  return (await record(store, entry([callerCode(code)], `registered:${code}`, registration(legOf(code))))).call
    .correlationId;
}
