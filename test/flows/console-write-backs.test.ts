import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeBacksRoom } from '../../src/console/pages/write-backs/write-backs-room.ts';
import { correlationRef } from '../../src/domain/connector.ts';
import type { FactBody } from '../../src/domain/fact.ts';
import type { Role } from '../../src/domain/roles.ts';
import type { Aspect, WriteBackState } from '../../src/domain/write-back.ts';
import { recordFacts } from '../../src/flows/record-facts.ts';
import { registerCall } from '../../src/flows/register-call.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { openConsole } from '../support/console-site.ts';
import { type OpenDeps, openDeps } from '../unit/flows/open-deps.ts';

const now = Date.parse('2026-03-02T16:00:00.000Z');
const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();
const people = [
  { key: '42', number: '3125550142', name: 'Ada', values: {} },
  { key: '43', number: '3125550143', name: 'Ben', values: {} },
];

let open: OpenDeps;
let server: MadeUpServer;
let told = 0;

beforeEach(async () => {
  server = await startMadeUpServer(people.map((person) => ({ ...person, values: {} })));
  open = await openDeps({ url: server.url, clock: { now: () => now, sleep: async () => undefined } });
});
afterEach(async () => {
  await open.close();
  await server.stop();
});

async function call(leadKey: string, outcome = 'sale'): Promise<string> {
  told += 1;
  const callKey = `mu-${told}`;
  const leg = { dialer: 'carousel', callKey, campaign: 'Autumn', list: '', leadKey, agent: '', number: '' };
  const sighting = {
    refs: [{ instance: 'carousel', kind: 'call-id', key: callKey }],
    leg: { ...leg, phone: `+131255501${leadKey}`, calledAt: at(-70) },
    fields: {},
  };
  const { correlationId } = await registerCall(open.deps, open.dialer, sighting, 'register', 5000);
  await tell(correlationId, { kind: 'committed', outcome, summary: `said ${outcome}`, fields: {} });
  return correlationId;
}

async function tell(id: string, body: FactBody): Promise<void> {
  told += 1;
  const fact = { refs: [correlationRef(id)], source: 'carousel', key: `told-${told}`, at: at(told), body };
  await recordFacts(open.deps, [fact], { budgetMs: 5000 });
}

/** What the dialer did not take until nobody tried any more. */
async function dead(leadKey: string, outcome = 'sale'): Promise<{ call: string; id: string }> {
  const own = await call(leadKey, outcome);
  const rows = await open.deps.store.claimWriteBacks({ dialer: 'carousel', limit: 50, leaseMs: 60_000, now: at(9999) });
  const settled = { dueAt: at(0), attempts: 9, inDoubt: false, receipt: '', hint: 'Look there.', now: at(0) };
  await open.deps.store.settleWriteBacks(
    rows.map(({ id, claim }) => ({ ...settled, id, claim, state: 'dead', why: 'the dialer did not answer' })),
  );
  return { call: own, id: await idOf(own, 'disposition') };
}

async function endAll(state: 'confirmed' | 'dead'): Promise<void> {
  const rows = await open.deps.store.claimWriteBacks({ dialer: 'carousel', limit: 50, leaseMs: 60_000, now: at(9999) });
  const settled = { dueAt: at(0), attempts: 9, inDoubt: false, receipt: '', why: '', hint: '', now: at(0) };
  await open.deps.store.settleWriteBacks(rows.map(({ id, claim }) => ({ ...settled, id, claim, state })));
}

async function idOf(id: string, aspect: Aspect): Promise<string> {
  const row = (await open.deps.store.writeBacksOf(id)).findLast((each) => each.aspect === aspect);
  if (!row) throw new Error(`there is no ${aspect}`);
  return row.id;
}
const stateOf = async (id: string): Promise<WriteBackState | undefined> =>
  (await open.deps.store.writeBacksById([id]))[0]?.state;

const as = (role: Role) => request(openConsole(open.deps, { rooms: [writeBacksRoom], role }));
const page = async (path: string, role: Role = 'operator') =>
  mainOf((await as(role).get(`/console/write-backs${path}`).expect(200)).text);
const send = (path: string, fields: object, role: Role = 'operator') =>
  as(role).post(`/console/write-backs/${path}`).type('form').send(fields);
const markIn = (markup: string) => /name="mark" value="([^"]+)"/.exec(markup)?.[1] ?? '';
const mainOf = (markup: string) =>
  markup
    .slice(markup.indexOf('<main'))
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
const acts = async () => (await open.deps.store.auditLog(9)).map(({ act, by }) => `${by} ${act}`);

describe('the list', () => {
  it('shows each state with what its write-backs wait for, and what can be done', async () => {
    await dead('42');
    await call('43', 'wrong_number');

    expect(await page('?view=dead')).toContain('disposition on carousel');
    expect(await page('?view=dead')).toMatch(/sold for sale dead 9 tries the dialer did not answer Look there\./);
    expect(await page('?view=held')).toContain('has no entry for the outcome &quot;wrong_number&quot;');
    expect(await page('')).toContain('Nothing waits.');
    expect(await page('?view=dead&dialer=nobody')).toContain('Nothing was given up.');
  });

  it('says since when a human was first', async () => {
    const own = await call('42');
    await tell(own, { kind: 'dispositioned', dialer: 'carousel', disposition: 'XFER', by: 'anna' });

    expect(await page('?view=overtaken')).toMatch(/sold for sale cancelled a human agent was faster/);
  });

  it('shows no number and no word of a person to a viewer', async () => {
    const { id } = await dead('42', 'opt_out');
    const rows = await open.deps.store.writeBacks({ limit: 9 });
    const markup = await Promise.all(
      ['?view=dead', `/${id}`, ...rows.map((row) => `/${row.id}`)].map((path) => page(path, 'viewer')),
    );

    expect(markup.join()).toContain('••• ••• 0142');
    expect(markup.join()).not.toMatch(/555-?0142|5550142|said opt_out|Replay|Cancel …/);
  });
});

describe('a replay', () => {
  it('shows the difference first: what the dialer holds, and what would change', async () => {
    const lost = await dead('42');
    const there = await dead('43');
    const ben = server.records.get('43');
    if (ben) ben.values.disposition = 'sold';

    const { text } = await send('chosen', { do: 'replay', id: [lost.id, there.id] }).expect(200);

    const shown = mainOf(text);
    expect(shown).toMatch(/not known sold for sale writes it It is not there/);
    expect(shown).toMatch(/sold sold for sale only confirms it It is there already/);
    expect(await stateOf(lost.id)).toBe('dead');

    const done = await send('replay', { id: [lost.id, there.id], mark: markIn(text) }).expect(303);
    expect(done.headers.location).toBe('/console/write-backs?view=waiting');
    expect([await stateOf(lost.id), await stateOf(there.id)]).toEqual(['pending', 'pending']);
    expect(await acts()).toEqual(['operator-user write-backs-replay']);
  });

  it('does nothing, and shows it again, when the dialer holds something else by now', async () => {
    const { id } = await dead('42');
    const { text } = await send('chosen', { do: 'replay', id }).expect(200);
    const ada = server.records.get('42');
    if (ada) ada.values.disposition = 'sold';

    const again = await send('replay', { id, mark: markIn(text) }).expect(409);

    expect(mainOf(again.text)).toContain('Something changed since it was shown');
    expect(await stateOf(id)).toBe('dead');
    await send('replay', { id, mark: markIn(again.text) }).expect(303);
    expect(await stateOf(id)).toBe('pending');
  });

  it('is not offered where a human was first, there or by what was told us', async () => {
    const inDialer = await dead('42');
    const ada = server.records.get('42');
    if (ada) ada.values.human = 'XFER';
    const byFact = await dead('43');
    await tell(byFact.call, { kind: 'dispositioned', dialer: 'carousel', disposition: 'DNQ', by: 'ben' });

    const { text } = await send('chosen', { do: 'replay', id: [inDialer.id, byFact.id] }).expect(200);

    expect(mainOf(text)).toMatch(/XFER sold for sale is not offered: a human was first anna set it there since/);
    expect(mainOf(text)).toMatch(/DNQ sold for sale is not offered: a human was first ben set DNQ in the dialer/);
    expect(markIn(text)).toBe('');
  });

  it('of many takes those that can be replayed, and leaves the others', async () => {
    const lost = await dead('42');
    const overtaken = await dead('43');
    await tell(overtaken.call, { kind: 'dispositioned', dialer: 'carousel', disposition: 'DNQ', by: 'ben' });
    const { text } = await send('chosen', { do: 'replay', id: [overtaken.id, lost.id] }).expect(200);

    await send('replay', { id: lost.id, mark: markIn(text) }).expect(303);

    expect([await stateOf(lost.id), await stateOf(overtaken.id)]).toEqual(['pending', 'dead']);
  });

  it('is offered for what takes a callback away because a human has spoken', async () => {
    const own = await call('42');
    await tell(own, { kind: 'committed', outcome: 'callback', callbackAt: at(9000), summary: '', fields: {} });
    await endAll('confirmed');
    await tell(own, { kind: 'dispositioned', dialer: 'carousel', disposition: 'DNQ', by: 'ben' });
    await endAll('dead');

    const { text } = await send('chosen', { do: 'replay', id: await idOf(own, 'callback') }).expect(200);

    expect(mainOf(text)).toMatch(/no callback (looks, then decides|writes it|only confirms it)/);
  });

  it('is not offered for what the call does not want any more', async () => {
    const own = await call('42', 'opt_out');
    const listing = await idOf(own, 'dnc');
    const [row] = await open.deps.store.claimWriteBacks({
      dialer: 'carousel',
      limit: 1,
      leaseMs: 60_000,
      now: at(99),
      aspects: ['dnc'],
    });
    if (!row) throw new Error('nothing was claimed');
    const refused = { state: 'refused', attempts: 1, inDoubt: false, receipt: '', why: 'full', hint: '' } as const;
    await open.deps.store.settleWriteBacks([{ ...refused, id: listing, claim: row.claim, dueAt: at(0), now: at(0) }]);
    await tell(own, { kind: 'opt-out-undone', by: 'joan', why: 'they asked to be called' });

    const { text } = await send('chosen', { do: 'replay', id: listing }).expect(200);

    expect(mainOf(text)).toMatch(/is not possible The call wants something else by now, or nothing/);
  });

  it('says what can’t be told, and is possible all the same: the dialer is read again', async () => {
    const { id } = await dead('42');
    server.failNext('down', 9);

    const { text } = await send('chosen', { do: 'replay', id }).expect(200);

    expect(mainOf(text)).toMatch(/not known sold for sale looks, then decides It can’t be told:/);
  });

  it('of all that a dialer did not take says how many they are', async () => {
    await dead('42');
    await dead('43');

    const { text } = await send('chosen', { all: 'carousel' }).expect(200);
    const many = Number(/(\d+) write-backs of carousel are dead or refused/.exec(mainOf(text))?.[1]);
    await send('replay-all', { dialer: 'carousel', mark: markIn(text) }).expect(303);

    expect(many).toBe(await count('pending'));
    expect(await count('dead')).toBe(0);
    const [entry] = await open.deps.store.auditLog(1);
    expect(entry).toMatchObject({ act: 'write-backs-replay', subject: 'carousel', details: { due: String(many) } });
  });

  it('brings no old value back', async () => {
    const { call: own, id } = await dead('42');
    await tell(own, { kind: 'committed', outcome: 'not_interested', summary: '', fields: {} });

    const { text } = await send('chosen', { do: 'replay', id }).expect(200);

    expect(mainOf(text)).toContain('Revision 2 followed it');
    await send('replay', { id, mark: 'any' }).expect(409);
    expect(await stateOf(id)).toBe('dead');
  });
});

describe('a cancel', () => {
  it('asks why, and keeps what was taken back from being planned again', async () => {
    const own = await call('42');
    const id = await idOf(own, 'disposition');

    expect(mainOf((await send('chosen', { do: 'cancel', id }).expect(200)).text)).toContain('sold for sale pending');
    expect(mainOf((await send('cancel', { id, why: ' ' }).expect(400)).text)).toContain('Say why');
    expect(await stateOf(id)).toBe('pending');
    await send('cancel', { id, why: 'sold by mail' }).expect(303);
    await tell(own, { kind: 'committed', outcome: 'sale', summary: '', fields: {} });

    expect(await page('?view=cancelled')).toContain('taken back by operator-user: sold by mail');
    expect(await count('pending')).toBe(0);
    expect(await acts()).toEqual(['operator-user write-backs-cancel']);
  });

  it('leaves an opt-out, and says how that is taken back', async () => {
    const id = await idOf(await call('42', 'opt_out'), 'dnc');

    const { text } = await send('cancel', { id, why: 'a mistake' }).expect(200);

    expect(mainOf(text)).toContain('is an opt-out: take the opt-out itself back');
    expect(await stateOf(id)).toBe('pending');
  });
});

it.each(['chosen', 'replay', 'replay-all', 'cancel'])('%s is for operators', async (path) => {
  await send(path, { id: 'x', all: 'carousel', dialer: 'carousel', why: 'x' }, 'viewer').expect(403);
});

async function count(state: WriteBackState): Promise<number> {
  return (await open.deps.store.writeBacks({ states: [state], limit: 99 })).length;
}
