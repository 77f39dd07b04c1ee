import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectors } from '../../connectors/index.ts';
import { type Five9Simulator, startFive9Simulator } from '../simulators/five9/five9-simulator.ts';
import { runAgi } from '../simulators/vicidial/asterisk-agi.ts';
import { madeUpApiUser, madeUpSite } from '../simulators/vicidial/made-up-site.ts';
import { startVicidialSimulator, type VicidialSimulator } from '../simulators/vicidial/vicidial-simulator.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../support/private-mariadb.ts';
import { realClock } from '../support/real-clock.ts';
import { type ReloadingApp, startReloadingApp } from '../support/reloading-app.ts';
import { keyHash, keys } from '../support/start-app.ts';

/** Each takes a third of a second, or some seconds where the machine is busy. */
const reloads = Number(process.env.PATCHBAY_RELOADS ?? 20);
const connections = { five9: 8, fastAgi: 8, outcome: 2, oneKey: 2 };
const people = 3000;
const zone = 'America/Denver';
const spring = 'Spring outbound';
const five9User = { name: 'patchbay', password: 'made-up' };

/** Which of two configurations something is of: they differ in every header, code, route, field and key. */
type Word = 'a' | 'b';
const words: readonly Word[] = ['a', 'b'];
const status: Readonly<Record<Word, string>> = { a: 'AIHU', b: 'AIQUAL' };

let database: PrivateMariaDb;
let vicidial: VicidialSimulator;
let five9: Five9Simulator;
let patchbay: ReloadingApp;
let agiPort: number;

beforeAll(async () => {
  database = await startPrivateMariaDb();
  await database.createDatabase('asterisk');
  agiPort = await freePort();
  const { host, port, user, password } = database;
  vicidial = await startVicidialSimulator({
    clock: realClock,
    database: { host, port, user, password, name: 'asterisk' },
    serverZone: zone,
    seed: madeUpSite({ leads: 20 }),
  });
  const plenty = { minute: 1_000_000, hour: 1_000_000, day: 1_000_000 };
  const categories = ['Query', 'Modify', 'SingleUpload', 'AsynchronousUpload', 'Upload'];
  five9 = await startFive9Simulator({
    clock: realClock,
    users: [five9User],
    limits: Object.fromEntries(categories.map((category) => [category, plenty])),
    seed: {
      campaigns: [{ name: spring, lists: ['Leads'] }],
      dispositions: words.map((word) => `AI - ${word}`),
      contacts: Array.from({ length: people }, (_, index) => ({
        fields: { number1: numberOf(index), first_name: 'Ada' },
        lists: ['Leads'],
      })),
    },
  });
  patchbay = await startReloadingApp({ registry: connectors, dialers: {}, config: siteOf('a') });
}, 120_000);
afterAll(async () => {
  await patchbay?.stop();
  await vicidial?.stop();
  await five9?.stop();
  await database?.stop();
});

/** What was seen and is wrong; numbers of what went well. */
const faults: string[] = [];
const counts = { registered: 0, agi: 0, outcomes: 0, oneKey: 0, refusedKey: 0, across: 0, saidAgain: 0 };
/** Calls of Five9 with an outcome, by the customer's number; those of VICIdial by their ID. */
const told = new Map<string, { id: string; word: Word }>();
const calls = new Map<string, Word>();
let isOver = false;

it(
  `answers each request wholly by one configuration while ${reloads} others come, every fifth faulty`,
  async () => {
    const load = [
      ...Array.from({ length: connections.five9 }, () => repeat(five9Call)),
      ...Array.from({ length: connections.fastAgi }, () => repeat(agiCall)),
      ...Array.from({ length: connections.outcome }, () => repeat(earlierOutcome)),
      ...words.map((word) => repeat(() => askByKeyOf(word))),
    ];
    const result = { applied: 0, refused: 0 };
    const began = performance.now();
    for (let index = 1; index <= reloads; index += 1) {
      await passes(10);
      const isFaulty = index % 5 === 0;
      const answer = isFaulty ? await reloadFaulty(index / 5) : await patchbay.reload(siteOf(wordAt(index)));
      if (answer.result !== (isFaulty ? 'refused' : 'applied'))
        faults.push(`reload ${index}: ${JSON.stringify(answer)}`);
      else if (isFaulty && answer.faults.length === 0) faults.push(`reload ${index} was refused without a fault`);
      else result[isFaulty ? 'refused' : 'applied'] += 1;
    }
    await passes(20);
    isOver = true;
    await Promise.all(load);
    const seconds = Math.round((performance.now() - began) / 1000);

    expect({ faults: faults.length, first: faults.slice(0, 10) }).toEqual({ faults: 0, first: [] });
    expect(result).toEqual({ applied: reloads - Math.floor(reloads / 5), refused: Math.floor(reloads / 5) });
    expect(counts.across).toBeGreaterThan(0);
    const ends = await eventually(async () => {
      const found = await judgeEnds();
      expect(found.wrong).toEqual([]);
      return found;
    }, 120_000);
    process.stdout.write(`${JSON.stringify({ ...result, seconds, ...counts, ...ends })}\n`);
  },
  Math.max(300_000, reloads * 20_000),
);

/** The load goes on until so many more calls have begun. */
async function passes(more: number): Promise<void> {
  const before = counts.registered + counts.agi;
  await eventually(() => expect(counts.registered + counts.agi).toBeGreaterThanOrEqual(before + more), 30_000);
}

async function repeat(once: () => Promise<void>): Promise<void> {
  while (!isOver) {
    await once().catch((error: unknown) =>
      faults.push(`a request failed: ${String(error)} ${String((error as Error).cause)}`),
    );
    // As customers come, and not as fast as the machine can.
    await wait(10);
  }
}

/** a, b, a, b …, whatever was faulty in between. */
function wordAt(index: number): Word {
  const good = index - Math.floor(index / 5);
  return good % 2 === 0 ? 'a' : 'b';
}

function reloadFaulty(nth: number) {
  const { dialers } = siteOf('b');
  const kinds = [
    () => patchbay.reloadText('dialers: [half'),
    () => patchbay.reload({ dialers: { ...dialers, five9: { ...dialers.five9, headers: 'none' } } }),
    () => patchbay.reload({ dialers, spool: { folder: 'elsewhere' } }),
  ];
  const run = kinds[nth % kinds.length] as () => ReturnType<ReloadingApp['reload']>;
  const { spool } = patchbay.raw;
  // The next one begins with what was good.
  return run().finally(() => patchbay.forget({ spool }));
}

async function ask(
  dialer: string,
  path: string,
  key = keys.script,
): Promise<{ code: number; body: Record<string, string> }> {
  const answer = await fetch(`${patchbay.url}/v1/ivr/${dialer}/${path}`, { headers: { 'x-api-key': key } });
  return { code: answer.status, body: (await answer.json()) as Record<string, string> };
}

let lastPerson = 0;

async function five9Call(): Promise<void> {
  if (lastPerson >= people) throw new Error('nobody is left to be called');
  const number = numberOf(lastPerson);
  lastPerson += 1;
  const { body } = await ask(
    'five9',
    `register?call_id=3000000${number.slice(2)}&dnis=${number}&call_type=1&campaign=${encodeURIComponent(spring)}`,
  );
  const word = wordOf(Object.keys(body), `register ${JSON.stringify(body)}`);
  const id = body.correlation_id ?? '';
  if (!word || body.status === 'error' || !id) return void faults.push(`register: ${JSON.stringify(body)}`);
  counts.registered += 1;

  const open = await ask('five9', `outcome?correlation_id=${id}&wait_ms=0`);
  judge('pending', open.body, { route: `safe-${word}` }, word);
  await commit(id);
  told.set(number, { id, word });
  calls.set(id, word);
  await outcomeOf('five9', id, word);
}

async function agiCall(): Promise<void> {
  const callerIdName = nextCode();
  const channel = { callerIdName, uniqueid: `17.${callerIdName}` };
  const { headers, status: end } = await runAgi(`agi://127.0.0.1:${agiPort}/vicidial`, channel, []);
  const word = wordOf(
    headers.map(([name]) => name),
    `FastAGI ${end} ${JSON.stringify(headers)}`,
  );
  const id = headers.find(([name]) => name === 'X-correlation_id')?.[1] ?? '';
  if (!word || !id) return void faults.push(`FastAGI ${end}: ${JSON.stringify(headers)}`);
  counts.agi += 1;
  await commit(id);
  calls.set(id, word);
  await outcomeOf('vicidial', id, word);
}

/** Of any call before: most began with the other configuration. */
async function earlierOutcome(): Promise<void> {
  const known = [...told.values()];
  const call = known[Math.floor(Math.random() * known.length)];
  if (!call) return;
  await outcomeOf('five9', call.id, call.word);
  if (patchbay.app.config.dialers.five9?.headers.every(({ name }) => name !== `X-${call.word}`)) counts.across += 1;
}

/** With a key that only one of the two configurations knows. */
async function askByKeyOf(word: Word): Promise<void> {
  const { code, body } = await ask('five9', 'register?call_id=300000000000000', keyOf(word));
  if (code === 401) counts.refusedKey += 1;
  else if (wordOf(Object.keys(body), 'by a key') === word) counts.oneKey += 1;
  else faults.push(`the key of ${word} got ${code} ${JSON.stringify(body)}`);
}

async function outcomeOf(dialer: string, id: string, word: Word): Promise<void> {
  const { body } = await ask(dialer, `outcome?correlation_id=${id}`);
  const disposition = dialer === 'five9' ? `AI - ${word}` : status[word];
  judge('done', body, { route: `way-${word}`, disposition }, word);
  counts.outcomes += 1;
}

function judge(wanted: string, body: Record<string, string>, fields: Record<string, string>, word: Word): void {
  const found = Object.keys(body).filter((key) => key.startsWith('field_'));
  const isGood = body.status === wanted && Object.entries(fields).every(([name, value]) => body[name] === value);
  if (!isGood || found.join() !== `field_${word}`) faults.push(`of ${word}: ${JSON.stringify(body)}`);
}

/** Undefined, and told, where the names are of both or of none. */
function wordOf(names: readonly string[], what: string): Word | undefined {
  const found = words.filter((word) => names.includes(`X-${word}`));
  if (found.length !== 1) faults.push(`${what}: headers of ${found.join(' and ') || 'none'}`);
  return found[0];
}

async function commit(id: string): Promise<void> {
  const answer = await fetch(`${patchbay.url}/v1/platforms/sigmamind/tools/commit-outcome`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keys.tools}`, 'content-type': 'application/json' },
    body: JSON.stringify({ correlation_id: id, outcome: 'not_interested' }),
  });
  // On a machine that is busy with other tests the disk may be too slow for it: an agent says it again.
  if (answer.status === 503) {
    counts.saidAgain += 1;
    return commit(id);
  }
  const body = (await answer.json()) as { ok?: boolean };
  if (body.ok !== true) faults.push(`commit: ${answer.status} ${JSON.stringify(body)}`);
}

/** Of each call, what its dialer holds or is to hold: of the configuration that it began with, and once. */
async function judgeEnds(): Promise<{ wrong: string[]; lost: number; double: number; written: number }> {
  const wrong: string[] = [];
  const effects = Map.groupBy(
    five9.effects().filter(({ kind }) => kind === 'disposition'),
    ({ record }) => record,
  );
  const tally = { lost: 0, double: 0, written: 0 };
  for (const [number, { word }] of told) {
    const held = five9.state(number).dispositions[spring];
    const times = effects.get(number)?.length ?? 0;
    if (held === `AI - ${word}` && times === 1) tally.written += 1;
    else wrong.push(`${number}: ${held ?? 'nothing'} ${times} times, not ${word}`);
    if (held === undefined) tally.lost += 1;
    if (times > 1) tally.double += 1;
  }
  for (const [id, word] of calls) {
    const rows = (await patchbay.app.deps.store.writeBacksOf(id)).filter(({ aspect }) => aspect === 'disposition');
    const wanted = rows.map(({ desired }) => (desired.aspect === 'disposition' ? desired.disposition : ''));
    if (wanted.length !== 1 || ![`AI - ${word}`, status[word]].includes(wanted[0] ?? ''))
      wrong.push(`${id}: ${wanted}`);
  }
  return { wrong: wrong.slice(0, 20), ...tally };
}

const startedAt = Date.now();
let lastCode = 0;
/** A caller code of one of the leads, dialled lately; no two alike. */
function nextCode(): string {
  lastCode += 1;
  const wall = new Date(startedAt - 3_600_000 + lastCode * 1000).toLocaleString('sv-SE', { timeZone: zone });
  return `V${wall.replace(/\D/g, '').slice(5)}${String(1001 + (lastCode % 20)).padStart(10, '0')}`;
}

function numberOf(index: number): string {
  return `72055${String(50_100 + index).padStart(5, '0')}`;
}

function keyOf(word: Word): string {
  return `pb_key-of-${word}`;
}

function siteOf(word: Word) {
  const campaign = (disposition: string) => ({
    dispositions: { not_interested: disposition },
    routes: { not_interested: `way-${word}` },
    safeRoute: `safe-${word}`,
    screenPop: [`field_${word}`],
  });
  const { host, port, user, password } = database;
  return {
    clients: {
      script: { keys: [keyHash(keys.script), keyHash(keyOf(word))], may: ['dialer'] },
      agent: { keys: [keyHash(keys.tools)], may: ['tools'] },
    },
    dialers: {
      vicidial: {
        type: 'vicidial',
        api: { url: `${vicidial.url}/vicidial/non_agent_api.php`, ...madeUpApiUser },
        database: { host, port, user, password, name: 'asterisk' },
        timeZone: zone,
        // What is told is the matter here, not how fast on a busy machine.
        budgets: { headersMs: 2000, outcomeMs: 4500 },
        headers: [
          { name: 'X-correlation_id', from: 'correlation_id' },
          { name: `X-${word}`, from: 'lead_id' },
        ],
        fastAgi: { port: agiPort, deadlineMs: 5000 },
        campaigns: { '*': campaign(status[word]) },
      },
      five9: {
        type: 'five9',
        soap: { host: five9.url, users: [{ user: five9User.name, password: five9User.password }] },
        domainTimeZone: 'America/Los_Angeles',
        keyField: 'number1',
        settle: { afterEndSec: 0, maxWaitSec: 1 },
        batch: { flushMs: 500 },
        budgets: { registerMs: 4500, outcomeMs: 4500 },
        headers: [
          { name: 'X-correlation_id', from: 'correlation_id' },
          { name: `X-${word}`, from: 'first_name' },
        ],
        campaigns: { [spring]: campaign(`AI - ${word}`) },
      },
    },
  };
}
