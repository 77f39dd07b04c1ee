import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { correlationRef } from '../../../src/domain/connector.ts';
import type { FactBody } from '../../../src/domain/fact.ts';
import { type Correction, correctOutcome } from '../../../src/flows/correct-outcome.ts';
import { recordFacts } from '../../../src/flows/record-facts.ts';
import { type OpenDeps, openDeps } from './open-deps.ts';

const wrongly: Correction = { outcome: 'not_interested', why: 'heard the recording', by: 'cli:joan' };
const now = '2026-11-21T16:00:00.000Z';

describe('correctOutcome', () => {
  let open: OpenDeps;
  let id: string;
  let told = 0;

  beforeEach(async () => {
    open = await openDeps({ clock: { now: () => Date.parse(now), sleep: async () => undefined } });
    const leg = { dialer: 'carousel', callKey: 'T-1', campaign: 'Autumn', list: '', leadKey: '42', agent: '' };
    const phones = { number: '3125550142', phone: '+13125550142', calledAt: '2026-11-21T15:00:00.000Z' };
    const ref = { instance: 'carousel', kind: 'token', key: 'T-1' };
    const registered = { kind: 'registered', via: 'register', route: 'ai', reason: '', fields: {} } as const;
    const fact = { refs: [ref], source: 'carousel', key: 'registered', at: phones.calledAt };
    await recordFacts(open.deps, [{ ...fact, body: { ...registered, leg: { ...leg, ...phones } } }], {
      budgetMs: 5000,
    });
    id = (await open.deps.store.callByRef(ref))?.correlationId ?? '';
    await tell({ kind: 'committed', outcome: 'sale', summary: '', fields: {} });
  });
  afterEach(() => open.close());

  async function tell(body: FactBody, at = '2026-11-21T15:05:00.000Z'): Promise<void> {
    told += 1;
    const fact = { refs: [correlationRef(id)], source: 'test', key: `${told}`, at, body };
    await recordFacts(open.deps, [fact], { budgetMs: 5000 });
  }
  async function call() {
    const found = await open.deps.store.callById(id);
    if (!found) throw new Error('the call is missing');
    return found;
  }
  const correct = async (changes: Partial<Correction> = {}) =>
    correctOutcome(open.deps, await call(), { ...wrongly, ...changes });
  const human = {
    kind: 'dispositioned',
    dialer: 'carousel',
    disposition: 'sold',
    by: 'grace',
    outcome: 'sale',
  } as const;

  it('goes over what the AI said, and tells what is written', async () => {
    const rows = await correct();

    expect((await call()).outcome).toMatchObject({ code: 'not_interested', basis: 'operator' });
    expect(rows.map(({ desired }) => desired)).toMatchObject([{ aspect: 'disposition', disposition: 'gone' }]);
  });

  it('goes over a human whose clock is ahead of ours', async () => {
    await tell(human, '2026-11-21T16:00:30.000Z');

    const rows = await correct();

    const overrules = '2026-11-21T16:00:30.000Z';
    expect(rows.map(({ desired }) => desired)).toMatchObject([{ disposition: 'gone', overrules }]);
  });

  it('is in the audit log, with who did it and on whose word', async () => {
    await correct({ saidBy: 'grace' });

    expect(await open.deps.store.auditLog(9)).toMatchObject([
      {
        ...{ by: 'cli:joan', act: 'outcome-correct', subject: id },
        details: { outcome: 'not_interested', was: 'sale', why: wrongly.why, saidBy: 'grace' },
      },
    ]);
    expect((await open.deps.store.factsOf(id)).at(-1)?.body).toMatchObject({ kind: 'corrected', by: 'grace' });
  });

  it('takes a callback with its time, in any zone', async () => {
    await correct({ outcome: 'Callback', callbackAt: '2026-11-23T10:00:00-05:00' });

    expect((await call()).outcome).toMatchObject({ code: 'callback', callbackAt: '2026-11-23T15:00:00.000Z' });
  });

  it.each([
    [{ outcome: 'sold' }, 'not_interested'],
    [{ outcome: 'callback' }, 'zone'],
    [{ outcome: 'callback', callbackAt: '2026-11-23T10:00:00' }, 'zone'],
    [{ outcome: 'callback', callbackAt: '2026-11-20T10:00:00Z' }, 'zone'],
    [{ callbackAt: '2026-11-23T10:00:00Z' }, 'Leave it out'],
  ])('refuses %j, and says what would do', async (changes, hint) => {
    await expect(correct(changes)).rejects.toMatchObject({ code: 'bad_request', hint: expect.stringContaining(hint) });

    expect(await open.deps.store.auditLog(9)).toEqual([]);
  });

  it('does not pretend to go over an opt-out', async () => {
    await tell({ kind: 'committed', outcome: 'opt_out', summary: '', fields: {} });

    await expect(correct()).rejects.toMatchObject({ hint: expect.stringContaining('opt-outs undo') });
    expect((await call()).outcome?.code).toBe('opt_out');
  });

  it('writes nothing for a call that was erased', async () => {
    await tell({ kind: 'erased', by: 'cli:joan' });

    await expect(correct()).rejects.toMatchObject({ code: 'bad_request' });
  });
});
