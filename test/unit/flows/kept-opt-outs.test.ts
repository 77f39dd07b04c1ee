import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FactBody } from '../../../src/domain/fact.ts';
import { possibleNumbersNote } from '../../../src/domain/possible-numbers.ts';
import { outcomeOfDisposition } from '../../../src/domain/settings.ts';
import { recordFacts } from '../../../src/flows/record-facts.ts';
import { renewOptOuts } from '../../../src/flows/renew-opt-outs.ts';
import { committed, legOf, registration } from '../../contract/store/store-cast.ts';
import { type OpenDeps, openDeps } from './open-deps.ts';

const adasNumber = '+13035550111';
const adasOtherNumber = '+13035550112';
const at = '2026-11-21T12:00:00.000Z';
const leg = legOf('mu-1', { dialer: 'carousel', campaign: 'Autumn', leadKey: 'r1', phone: adasNumber });

let open: OpenDeps;
beforeEach(async () => {
  open = await openDeps();
});
afterEach(() => open.close());

async function tell(key: string, ...bodies: FactBody[]): Promise<void> {
  const refs = [{ instance: 'carousel', kind: 'call-id', key }];
  const facts = bodies.map((body) => ({ refs, source: 'carousel', key: body.kind, at, body }));
  await recordFacts(open.deps, facts, { budgetMs: 2000 });
}

it('remembers every number of the person at once, so that the gate holds without the store', async () => {
  const lead = { dialer: 'carousel', key: 'r1', list: '', campaign: '', fields: {}, changedAt: at };
  await open.deps.store.saveLeads([{ ...lead, phones: [adasNumber, adasOtherNumber] }], at);

  await tell('mu-1', registration(leg), committed('opt_out'));

  expect([adasNumber, adasOtherNumber].map((phone) => open.deps.memory.isOptedOut(phone))).toEqual([true, true]);
});

it.each([
  ['with its leg', registration(leg)],
  ['with the numbers that it can be of', possibleNumbersNote([adasNumber])],
])('blocks the number of a call that only the spool knows, told %s', async (_name, first) => {
  const { store } = open.deps;
  open.deps.store = { ...store, recordFacts: () => Promise.reject(new Error('locked')) };

  await tell('mu-1', first, committed('opt_out'));

  expect(open.deps.memory.isOptedOut(adasNumber)).toBe(true);
});

it('plans every standing opt-out anew when a dialer joins the configuration, once', async () => {
  const { dialers, store } = open.deps;
  const asked: (readonly string[] | undefined)[] = [];
  const replan: typeof store.replan = (input) => {
    asked.push(input.correlationIds);
    return store.replan(input);
  };
  const deps = { ...open.deps, store: { ...store, replan } };
  await renewOptOuts({ ...deps, dialers: new Map([...dialers].map(([id, each]) => [id, { ...each, aspects: [] }])) });
  await tell('mu-1', registration(leg), committed('opt_out'));
  await tell('mu-2', registration({ ...leg, callKey: 'mu-2' }), committed('sale'));

  await renewOptOuts(deps);
  await renewOptOuts(deps);

  expect(asked).toEqual([await store.optedOutCalls()]);
  expect(asked[0]).toHaveLength(1);
});

it.each([
  ['what the campaign maps it to', 'AINO', 'Spring', 'opt_out'],
  ['one of two outcomes that the campaign maps to it', 'stop', 'Autumn', 'opt_out'],
  ['what another campaign maps it to', 'AINO', 'Autumn', 'opt_out'],
  ["the dialer's own word", 'DNC', 'Autumn', 'opt_out'],
  ['another word of two outcomes', 'later', 'Autumn', undefined],
  ['a word that nobody knows', 'XYZ', 'Autumn', undefined],
])("reads a person's opt-out as such: %s", (_name, disposition, campaign, outcome) => {
  const settings = {
    ...open.dialer.settings,
    optOutDispositions: ['DNC'],
    campaigns: {
      Spring: { ...open.dialer.settings.campaigns.Autumn, dispositions: { opt_out: 'AINO' } },
      Autumn: {
        ...open.dialer.settings.campaigns.Autumn,
        dispositions: { opt_out: 'stop', not_interested: 'stop', callback: 'later', busy: 'later' },
      },
    },
  } as typeof open.dialer.settings;

  expect(outcomeOfDisposition(settings, campaign, disposition)).toBe(outcome);
});
