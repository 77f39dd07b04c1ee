import type { DatabaseSync } from 'node:sqlite';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { mergeInputs, mostTogether, splitResults } from '../gather-facts.ts';
import { migrate, missingMigrations, notMigrated } from '../migrations/migrate.ts';
import { type OperationName, operations } from '../operations/index.ts';
import { contextOf, createRuleBook, type PresentRules, type RuleBook } from '../rule-book.ts';
import { idsFrom, type OperationContext, type Session } from '../session.ts';
import type { RecordedFact, RecordInput } from '../store.ts';
import { isBusy } from '../store-errors.ts';
import { openForWriting, sqliteSession } from './sqlite-database.ts';
import { type Answer, asText, type Job, type PlainError, type ToThread, toPlainError } from './thread-messages.ts';

export interface WriterData {
  file: string;
  present: PresentRules;
  ignoresIdempotency: boolean;
  migrate: boolean;
}

/** One wait for a lock. Short, so that between two of them the thread can refuse what has waited too long. */
const busyMs = 250;
const lockPatienceMs = 3000;
const openPatienceMs = 20_000;
const maxGroup = 500;
/** A group is committed after so long, whatever still waits: nobody waits for another's long work. */
const groupMs = 25;

if (parentPort) await start(parentPort, workerData as WriterData);

/**
 * The one writer of the file. What waits is written in one transaction, each unit in a savepoint of its own: so one flush
 * to the disk serves them all, and a unit that fails takes no other with it. Nobody is answered before the commit.
 */
async function start(port: MessagePort, data: WriterData): Promise<void> {
  let writer: Writer;
  try {
    const database = await patiently(() => openForWriting(data.file, busyMs));
    const session = sqliteSession(database);
    await prepareTables(database, session, data.migrate);
    const { rules, mapping } = data.present;
    writer = { ...data, database, session, book: createRuleBook(rules, mapping) };
  } catch (error) {
    port.postMessage({ kind: 'failed', error: toPlainError(error) });
    port.close();
    return;
  }

  const waiting: WaitingJob[] = [];
  let isRunning = false;
  let isClosing = false;

  port.on('message', (message: ToThread) => {
    if (message.kind === 'close') isClosing = true;
    // What waits already is planned by them too: it was told in the same moment.
    else if (message.kind === 'rules') writer.book.use(message.present);
    else for (const job of message.jobs) waiting.push({ job, cameAt: performance.now() });
    if (!isRunning) {
      isRunning = true;
      setImmediate(() => void runAll());
    }
  });
  port.postMessage({ kind: 'ready' });

  async function runAll(): Promise<void> {
    while (waiting.length > 0) {
      const answers = await runGroup(writer, waiting);
      if (answers.length > 0) port.postMessage({ kind: 'answers', answers });
      // Lets messages in that came while this thread was busy.
      await new Promise((resolve) => setImmediate(resolve));
    }
    isRunning = false;
    if (!isClosing) return;
    writer.database.close();
    port.close();
  }
}

interface Writer extends WriterData {
  database: DatabaseSync;
  session: Session;
  book: RuleBook;
}

interface WaitingJob {
  job: Job;
  cameAt: number;
}

async function runGroup(writer: Writer, waiting: WaitingJob[]): Promise<Answer[]> {
  const { database, session } = writer;
  try {
    await session.run('begin immediate', []);
  } catch (error) {
    return refuse(waiting, error);
  }
  const answers: Answer[] = [];
  const startedAt = performance.now();
  try {
    while (answers.length < maxGroup && performance.now() - startedAt < groupMs) {
      const next = waiting.shift();
      if (!next) break;
      const jobs = [next.job, ...takeAlike(waiting, next.job)];
      for (const { id } of jobs) answers.push({ id, error: unfinished });
      const done = jobs.length > 1 ? await recordTogether(writer, jobs) : [await runJob(writer, next.job)];
      answers.splice(answers.length - jobs.length, jobs.length, ...done);
    }
    await session.run('commit', []);
    return answers;
  } catch (error) {
    if (database.isTransaction) database.exec('rollback');
    const plain = toPlainError(error);
    return answers.map(({ id }) => ({ id, error: plain }));
  }
}

/** Who records facts while others do shares their statements. */
function takeAlike(waiting: WaitingJob[], { name }: Job): Job[] {
  if (name !== 'recordFacts') return [];
  const end = waiting.findIndex(({ job }, index) => job.name !== name || index + 1 >= mostTogether);
  return waiting.splice(0, end < 0 ? waiting.length : end).map(({ job }) => job);
}

/** Where they fail together each is tried by itself. */
async function recordTogether(writer: Writer, jobs: readonly Job[]): Promise<Answer[]> {
  const [first] = jobs;
  if (!first) return [];
  const inputs = jobs.map(({ input }) => JSON.parse(String(input)) as RecordInput);
  const answer = await runUnit(writer, { ...first, input: mergeInputs(inputs) });
  if ('value' in answer) {
    const results = splitResults(inputs, answer.value as RecordedFact[]);
    return jobs.map(({ id }, index) => ({ id, value: JSON.stringify(results[index]) }));
  }
  const answers: Answer[] = [];
  for (const job of jobs) answers.push(await runJob(writer, job));
  return answers;
}

const unfinished: PlainError = { code: '', message: 'not run', retryable: true, hint: '', inDoubt: false };

/** While the lock is another's, units go on waiting until their time is up. Any other failure to begin refuses them all. */
function refuse(waiting: WaitingJob[], error: unknown): Answer[] {
  const oldest = isBusy(error) ? performance.now() - lockPatienceMs : Number.POSITIVE_INFINITY;
  const plain = toPlainError(error);
  const refused: Answer[] = [];
  while (waiting[0] && waiting[0].cameAt < oldest) {
    const next = waiting.shift();
    if (next) refused.push({ id: next.job.id, error: plain });
  }
  return refused;
}

/** Throws only when the whole transaction is gone (SQLite rolls back by itself when the disk is full or fails). */
async function runJob(writer: Writer, job: Job): Promise<Answer> {
  if (!asText.has(job.name)) return runUnit(writer, job);
  const answer = await runUnit(writer, { ...job, input: JSON.parse(String(job.input)) });
  return 'value' in answer ? { ...answer, value: JSON.stringify(answer.value) } : answer;
}

async function runUnit(writer: Writer, job: Job): Promise<Answer> {
  const { database, session, book, ignoresIdempotency } = writer;
  await session.run('savepoint unit', []);
  try {
    const context = contextOf(book, { newId: idsFrom(job.seed), ignoresIdempotency });
    const operation = operations[job.name as OperationName] as (
      trx: Session,
      input: unknown,
      context: OperationContext,
    ) => Promise<unknown>;
    const value = await operation(session, job.input, context);
    await session.run('release unit', []);
    return { id: job.id, value };
  } catch (error) {
    if (!database.isTransaction) throw error;
    database.exec('rollback to unit; release unit');
    return { id: job.id, error: toPlainError(error) };
  }
}

async function prepareTables(database: DatabaseSync, session: Session, mayMigrate: boolean): Promise<void> {
  const missing = await missingMigrations(session);
  if (missing.length === 0) return;
  if (!mayMigrate) throw notMigrated(missing);
  // Only one process at a time may change tables; who comes second finds them changed.
  await patiently(() => database.exec('begin exclusive'));
  try {
    await migrate(session);
    database.exec('commit');
  } catch (error) {
    if (database.isTransaction) database.exec('rollback');
    throw error;
  }
}

async function patiently<T>(open: () => T): Promise<T> {
  const end = performance.now() + openPatienceMs;
  for (;;) {
    try {
      return open();
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error;
    }
  }
}
