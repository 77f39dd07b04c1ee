import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { longReads } from '../reads/index.ts';
import type { Session } from '../session.ts';
import { openForReading, sqliteSession } from './sqlite-database.ts';
import { type Answer, type Job, type ToThread, toPlainError } from './thread-messages.ts';

export interface ReaderData {
  file: string;
}

const busyMs = 2000;

if (parentPort) start(parentPort, workerData as ReaderData);

/** Runs reads that may go through many rows, one after the other, away from the thread that answers live calls. */
function start(port: MessagePort, data: ReaderData): void {
  const database = openForReading(data.file, busyMs);
  const session = sqliteSession(database);
  const waiting: Job[] = [];
  let isRunning = false;
  let isClosing = false;

  port.on('message', (message: ToThread) => {
    if (message.kind === 'close') isClosing = true;
    else if (message.kind === 'jobs') waiting.push(...message.jobs);
    if (!isRunning) {
      isRunning = true;
      void runAll();
    }
  });
  port.postMessage({ kind: 'ready' });

  async function runAll(): Promise<void> {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      port.postMessage({ kind: 'answers', answers: [await answer(session, job)] });
    }
    isRunning = false;
    if (!isClosing) return;
    database.close();
    port.close();
  }
}

async function answer(session: Session, job: Job): Promise<Answer> {
  try {
    const read = longReads[job.name as keyof typeof longReads] as (trx: Session, input: unknown) => Promise<unknown>;
    return { id: job.id, value: await read(session, job.input) };
  } catch (error) {
    return { id: job.id, error: toPlainError(error) };
  }
}
