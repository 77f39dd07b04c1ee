import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FactBody } from '../../../src/domain/fact.ts';
import { possibleNumbersNote } from '../../../src/domain/possible-numbers.ts';
import { erasePerson } from '../../../src/flows/person.ts';
import { recordFacts } from '../../../src/flows/record-facts.ts';
import { watchOptOuts } from '../../../src/flows/watch-opt-outs.ts';
import { legOf, registration } from '../../contract/store/store-cast.ts';
import { type OpenDeps, openDeps } from './open-deps.ts';

/** Nothing else in the store is written so. */
const digits = '3035550177';
const phone = `+1${digits}`;
const name = 'Zenobia';
const at = '2026-11-20T15:00:00.000Z';
const ref = { instance: 'carousel', kind: 'call-id', key: 'mu-1' };

let now: number;
let folder: string;
let open: OpenDeps;
beforeEach(async () => {
  now = Date.parse(at);
  folder = mkdtempSync(join(tmpdir(), 'patchbay-canary-'));
  open = await openDeps({ folder, clock: { now: () => now, sleep: async () => undefined } });
});
afterEach(() => open.close());

async function tell(key: string, body: FactBody, refs = [ref]): Promise<void> {
  await recordFacts(open.deps, [{ refs, source: 'carousel', key, at, body }], { budgetMs: 2000 });
}

/** A person in every table that can hold one. */
async function liveThrough(outcome: 'sale' | 'opt_out'): Promise<void> {
  const { store, board } = open.deps;
  const lead = { dialer: 'carousel', key: 'r1', list: '', campaign: 'Autumn', changedAt: at };
  await store.saveLeads([{ ...lead, phones: [phone], fields: { first_name: name, notes: `${name} ${digits}` } }], at);
  const leg = legOf('mu-1', { dialer: 'carousel', campaign: 'Autumn', leadKey: 'r1', number: digits, phone });
  await tell('registered', { ...registration(leg), fields: { first_name: name, notes: name } } as FactBody);
  await tell('inbound', { kind: 'noted', event: 'inbound-call', text: JSON.stringify({ customer: phone, own: '' }) });
  await tell('commit', { kind: 'committed', outcome, summary: `${name} said ${digits}`, fields: { who: name } });
  await tell('analysed', { kind: 'analysed', summary: `${name} again`, fields: { who: name } });
  const shell = [{ instance: 'carousel', kind: 'call-id', key: 'nobody' }];
  await tell('possible', possibleNumbersNote([phone]), shell);
  await tell('analysed', { kind: 'analysed', summary: `${name} on no call`, fields: {} }, shell);
  const [id = ''] = (await store.heldOfPerson(phone)).callIds;
  await store.keepTranscript({ correlationId: id, platform: 'any', spoken: `${name} spoke`, keptAt: at } as never);
  board.raise({ kind: 'ambiguous-call', key: 'any', details: { customer: phone, name } });
  board.raise({ kind: 'finding', key: `found:${id}`, correlationId: id, details: { who: name } });
  now += 30 * 86_400_000;
  await watchOptOuts(open.deps);
  await settleAll();
  await board.flush();
}

async function settleAll(): Promise<void> {
  const { store } = open.deps;
  const instant = new Date(now).toISOString();
  const rows = await store.claimWriteBacks({ dialer: 'carousel', limit: 20, leaseMs: 1000, now: instant });
  const settled = { state: 'confirmed', dueAt: instant, attempts: 0, inDoubt: false, receipt: '', hint: '' } as const;
  await store.settleWriteBacks(rows.map(({ id, claim }) => ({ id, claim, ...settled, why: 'done', now: instant })));
}

/** Table and column of everything that holds the number or the name; the folder's other files too. */
function traces(): string[] {
  const db = new DatabaseSync(join(folder, 'store.sqlite'), { readOnly: true });
  const tables = db.prepare("select name from sqlite_master where type = 'table'").all() as { name: string }[];
  const found = new Set<string>();
  for (const { name: table } of tables) {
    for (const row of db.prepare(`select * from "${table}"`).all()) {
      for (const [column, value] of Object.entries(row)) if (isTrace(String(value))) found.add(`${table}.${column}`);
    }
  }
  db.close();
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile() || file.name.startsWith('store.sqlite')) continue;
    if (isTrace(readFileSync(join(file.parentPath, file.name), 'utf8'))) found.add(`file ${file.name}`);
  }
  return [...found].sort();
}

function isTrace(text: string): boolean {
  return text.includes(digits) || text.includes(name);
}

it('leaves no trace of a person in any table or file', async () => {
  await liveThrough('sale');
  const before = traces();

  const erasure = await erasePerson(open.deps, { phone, by: 'cli:ada', isDryRun: false });

  expect(before).toEqual([
    ...['attention.details', 'calls.outcome', 'calls.phone', 'facts.body', 'lead_phones.phone', 'leads.fields'],
    ...['leads.phones', 'transcripts.spoken', 'write_backs.target'],
  ]);
  expect(erasure).toMatchObject({ open: [], left: [], calls: 2 });
  expect(traces()).toEqual([]);
});

it('leaves of a person who opted out nothing but the number, the name and what was listed', async () => {
  await liveThrough('opt_out');

  const erasure = await erasePerson(open.deps, { phone, by: 'cli:ada', isDryRun: false });

  expect(erasure).toMatchObject({ open: [], left: [], keptAsEvidence: 1 });
  expect(traces()).toEqual([
    'calls.phone',
    'facts.body',
    'opt_outs.phone',
    'write_backs.desired',
    'write_backs.target',
  ]);
  const [id = ''] = (await open.deps.store.heldOfPerson(phone)).callIds;
  const kept = JSON.stringify([await open.deps.store.callById(id), await open.deps.store.factsOf(id)]);
  expect(kept).not.toContain('said');
  expect(kept).not.toContain('notes');
});
