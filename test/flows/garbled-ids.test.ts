import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MatchedBy } from '../../src/domain/fact.ts';
import { chooseCall } from '../../src/flows/settle-ambiguity.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { eventually } from '../support/eventually.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

const people = Array.from({ length: 30 }, (_, index) => ({
  key: `r${index}`,
  number: `30355501${String(index).padStart(2, '0')}`,
  name: `Ada ${index}`,
  values: {},
}));
const aiNumber = '+13035550199';

let dialer: MadeUpServer;
let patchbay: TestApp;
let next = 0;

beforeAll(async () => {
  dialer = await startMadeUpServer(people);
  patchbay = await startTestApp({
    dialers: {
      carousel: {
        type: 'made-up',
        url: dialer.url,
        handsTo: { Winter: aiNumber },
        campaigns: { Autumn: { dispositions: { not_interested: 'gone' } } },
      },
    },
  });
});
afterAll(async () => {
  await patchbay.stop();
  await dialer.stop();
});

/** Wrong in one character, so that the check character finds it. */
const garble = (id: string) => `${id.slice(0, 3)}${id[3] === 'z' ? 'y' : 'z'}${id.slice(4)}`;

describe("an agent's tool call with an ID that a language model has garbled", () => {
  it.each([
    ['in upper case', (id: string) => id.toUpperCase()],
    ['with blanks', (id: string) => ` ${id.slice(0, 4)} ${id.slice(4, 9)} ${id.slice(9)} `],
    ['with hyphens', (id: string) => `${id.slice(0, 7)}-${id.slice(7)}`],
    ['with o for 0 and l for 1', (id: string) => id.replaceAll('0', 'o').replaceAll('1', 'l')],
    ['in quotes, with O and I', (id: string) => `"${id.replaceAll('0', 'O').replaceAll('1', 'I')}."`],
  ])('is understood when the check character bears it out: %s', async (_name, write) => {
    const { id } = await call();

    expect(await commit({ correlation_id: write(id) })).toMatchObject({ ok: true });
    await eventually(async () =>
      expect((await patchbay.app.deps.store.callById(id))?.outcome?.code).toBe('not_interested'),
    );
  });

  it.each<[string, MatchedBy, (mine: Mine) => Record<string, string>]>([
    ["the dialer's own name", 'dialer-name', ({ callId }) => ({ call_id: callId })],
    ["the dialer's lead", 'dialer-name', ({ lead }) => ({ lead_id: lead })],
    ["the customer's number", 'numbers', ({ number }) => ({ phone: number })],
    ["the caller's number, and the lead", 'dialer-name', ({ number, lead }) => ({ ani: number, lead_id: lead })],
  ])('finds the call by %s, and says so once', async (_name, by, marks) => {
    const mine = await call();

    expect(await commit({ correlation_id: garble(mine.id), ...marks(mine) })).toMatchObject({ ok: true });
    expect(await commit({ correlation_id: garble(mine.id), ...marks(mine) })).toMatchObject({ ok: true });
    const facts = await patchbay.app.deps.store.factsOf(mine.id);
    expect(facts.filter(({ body }) => body.kind === 'committed')).toHaveLength(2);
    await patchbay.app.deps.registrations.flush();
    const told = await patchbay.app.deps.store.factsOf(mine.id);
    expect(told.flatMap(({ body }) => (body.kind === 'matched' ? [body.by] : []))).toEqual([by]);
  });

  it.each<[string, (mine: Mine) => Record<string, string>]>([
    ['no other mark', () => ({})],
    ['a lead of nobody', () => ({ lead_id: 'r999' })],
    ['a number of nobody', () => ({ phone: '+13035550999' })],
    ['the number of one and the lead of another', ({ number }) => ({ phone: number, lead_id: 'r0' })],
    ['a number that was called from elsewhere', ({ number }) => ({ ani: number, dnis: aiNumber })],
  ])('is kindly refused with %s', async (_name, marks) => {
    const mine = await call();

    const answer = await commit({ correlation_id: garble(mine.id), ...marks(mine) });

    expect(answer).toMatchObject({ ok: false, error: 'unknown_call', say: expect.stringContaining('correlation ID') });
    expect((await patchbay.app.deps.store.callById(mine.id))?.outcome).toBeNull();
  });

  it('is refused when two open calls have the mark, and somebody is told', async () => {
    const one = await call();
    const two = await call({ number: one.number });

    const answer = await commit({ correlation_id: garble(one.id), phone: one.number });

    expect(answer).toMatchObject({ ok: false, error: 'unknown_call' });
    await eventually(async () => {
      const items = await patchbay.app.deps.store.attention({ kind: 'ambiguous-call', limit: 9 });
      const [item] = items.filter(({ key }) => key.startsWith('tool:'));
      expect(item?.details).toMatchObject({ told: 'not_interested' });
      expect(JSON.stringify(item?.details)).toContain(two.id);
    });
    await patchbay.postEvent({
      event: 'conversation_ended',
      callId: `conv-${one.id}`,
      dynamicVariables: { correlation_id: one.id },
    });
    expect(await commit({ correlation_id: garble(two.id), phone: two.number })).toMatchObject({ ok: true });
    expect((await patchbay.app.deps.store.callById(two.id))?.outcome?.code).toBe('not_interested');
  });

  it('keeps an opt-out that two open calls can have told: nobody calls until somebody has chosen', async () => {
    const one = await call();
    const two = await call({ number: one.number });
    const { deps } = patchbay.app;

    const answer = await commit({ correlation_id: garble(one.id), phone: one.number, outcome: 'opt_out' });
    const blocked = await deps.store.isOptedOut(`+1${one.number}`);
    const key = await eventually(async () => {
      const items = await deps.store.attention({ kind: 'ambiguous-call', isOpen: true, limit: 9 });
      const item = items.find(({ details }) => details.told === 'opt_out');
      expect(item).toBeDefined();
      return item?.key ?? '';
    });
    await chooseCall(deps, { key, correlationId: two.id, by: 'cli:anna' });

    expect(answer).toMatchObject({ ok: false, error: 'unknown_call' });
    expect(blocked).toBe(true);
    expect((await deps.store.callById(two.id))?.outcome?.code).toBe('opt_out');
    expect((await deps.store.callById(one.id))?.outcome).toBeNull();
    expect(await deps.store.isOptedOut(`+1${one.number}`)).toBe(true);
  });

  it.each(['commit-outcome', 'end-call'])('shows an opt-out that no call can be found for: %s', async (tool) => {
    const { store } = patchbay.app.deps;
    const marks = { phone: '+13035550998', lead_id: `r-${tool}` };

    const answer = await commit({ correlation_id: garble((await call()).id), outcome: 'opt_out', ...marks }, tool);

    expect(answer).toMatchObject({ ok: false, error: 'unknown_call' });
    await eventually(async () => {
      const items = await store.attention({ kind: 'unplaced-opt-out', isOpen: true, limit: 9 });
      expect(items.map(({ details }) => details)).toContainEqual(expect.objectContaining(marks));
    });
  });

  it('does not take another text for an ID because its check character happens to be right', async () => {
    const { id } = await call();
    const lookAlike = [...'0123456789abcdefghjkmnpqrstvwxyz'].map((last) => `7777777777777${last}`.toUpperCase());
    const answers = await Promise.all(lookAlike.map((text) => commit({ correlation_id: text })));

    expect(answers.every(({ ok }) => ok === false)).toBe(true);
    expect(await commit({ correlation_id: id })).toMatchObject({ ok: true });
  });
});

interface Mine {
  id: string;
  callId: string;
  lead: string;
  number: string;
}

/** A call of somebody who has no other. */
async function call({ number }: { number?: string } = {}): Promise<Mine> {
  next += 1;
  const person = people[next];
  const mine = { callId: `mu-${next}`, lead: person?.key ?? '', number: number ?? person?.number ?? '' };
  const answer = await request(patchbay.url)
    .get('/v1/ivr/carousel/register')
    .query({ call_id: mine.callId, lead_id: mine.lead, number: mine.number, campaign: 'Autumn' })
    .set('X-API-Key', keys.script);
  return { ...mine, id: String(answer.body.correlation_id) };
}

async function commit(
  body: Record<string, string>,
  tool = 'commit-outcome',
): Promise<{ ok: boolean; say: string; error?: string }> {
  const answer = await request(patchbay.url)
    .post(`/v1/platforms/sigmamind/tools/${tool}`)
    .set('Authorization', `Bearer ${keys.tools}`)
    .send({ outcome: 'not_interested', ...body });
  return answer.body as { ok: boolean; say: string; error?: string };
}
