import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../../domain/errors.ts';
import { storeAway } from '../store-errors.ts';
import { asText, type FromThread, fromPlainError, type Job, type ToThread } from './thread-messages.ts';

const maxOutstanding = 20_000;
const sweepMs = 1000;
/** For what lives as long as a message: a thread that is given more takes it, and keeps it. */
const youngMb = 6;

export interface ThreadClient {
  /** Resolves when the thread has its database open; rejects with why it can't. */
  ready(): Promise<void>;
  ask(name: string, input: unknown, seed?: string): Promise<unknown>;
  /** Hands something on behind what was asked before; nothing where no thread runs: the next one begins with its data. */
  tell(message: ToThread): void;
  /** Lets what was asked be finished, then ends the thread. */
  close(): Promise<void>;
}

export interface ThreadOptions {
  script: URL;
  data: object;
  /** After so many milliseconds without an answer a promise is given up; the unit may still happen. */
  patienceMs: number;
  onWarning(message: string, fields: object): void;
}

/**
 * Talks to a store thread. What is asked in one turn of the event loop travels as one message, so that the thread can
 * write it in one transaction. A thread that dies is started again by the next question.
 */
export function createThreadClient(options: ThreadOptions): ThreadClient {
  let thread: Thread | undefined;
  let isClosed = false;

  function current(): Thread {
    if (!thread || thread.isOver()) thread = startThread(options);
    return thread;
  }

  return {
    ready: () => current().ready,
    ask(name, input, seed = '') {
      if (isClosed) return Promise.reject(storeAway('it is closed'));
      try {
        return current().ask(name, input, seed);
      } catch (error) {
        // The machine gives no further thread, say: an answer like any other, so that what was told goes to the spool.
        return Promise.reject(storeAway(`its thread can not be asked: ${messageOf(error)}`));
      }
    },
    tell(message) {
      if (!isClosed && thread && !thread.isOver()) thread.tell(message);
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      await thread?.close();
    },
  };
}

interface Thread {
  ready: Promise<void>;
  isOver(): boolean;
  ask(name: string, input: unknown, seed: string): Promise<unknown>;
  tell(message: ToThread): void;
  close(): Promise<void>;
}

interface Waiting {
  isText: boolean;
  resolve(value: unknown): void;
  reject(error: Error): void;
  askedAt: number;
}

function startThread({ script, data, patienceMs, onWarning }: ThreadOptions): Thread {
  keepWebAssembly();
  const worker = new Worker(script, { workerData: data, resourceLimits: { maxYoungGenerationSizeMb: youngMb } });
  const waiting = new Map<number, Waiting>();
  const { promise: ready, resolve: beReady, reject: beUnready } = Promise.withResolvers<void>();
  const { promise: exited, resolve: haveExited } = Promise.withResolvers<void>();
  ready.catch(() => undefined);
  let batch: Job[] = [];
  let lastId = 0;
  let isOver = false;
  let isClosing = false;

  const sweep = setInterval(giveUpOld, sweepMs);
  sweep.unref();

  worker.on('message', (message: FromThread) => {
    if (message.kind === 'ready') beReady();
    else if (message.kind === 'failed') end(fromPlainError(message.error));
    else for (const answer of message.answers) settle(answer.id, answer);
  });
  worker.on('error', (error) => {
    onWarning('a store thread failed and will be started again', { error: error.name });
    end(storeAway('its thread failed'));
  });
  worker.on('exit', () => {
    end(storeAway('its thread ended'));
    haveExited();
  });

  function end(error: Error): void {
    isOver = true;
    clearInterval(sweep);
    beUnready(error);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  function settle(id: number, answer: { value: unknown } | { error: Parameters<typeof fromPlainError>[0] }): void {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (!asked) return;
    if ('error' in answer) asked.reject(fromPlainError(answer.error));
    else asked.resolve(asked.isText ? JSON.parse(String(answer.value)) : answer.value);
  }

  function giveUpOld(): void {
    const oldest = performance.now() - patienceMs;
    for (const [id, { askedAt, reject }] of waiting) {
      if (askedAt > oldest) break;
      waiting.delete(id);
      reject(storeAway('its thread is busy'));
    }
  }

  function post(message: ToThread): void {
    worker.postMessage(message);
  }

  function flush(): void {
    const jobs = batch;
    batch = [];
    if (!isOver && jobs.length > 0) post({ kind: 'jobs', jobs });
  }

  return {
    ready,
    isOver: () => isOver,
    ask(name, input, seed) {
      if (waiting.size >= maxOutstanding) return Promise.reject(storeAway('too much waits for it'));
      lastId += 1;
      const id = lastId;
      if (batch.length === 0) setImmediate(flush);
      const isText = asText.has(name);
      batch.push({ id, name, input: isText ? JSON.stringify(input) : input, seed });
      return new Promise((resolve, reject) => {
        waiting.set(id, { isText, resolve, reject, askedAt: performance.now() });
      });
    },
    tell(message) {
      flush();
      post(message);
    },
    async close() {
      if (isClosing) return exited;
      isClosing = true;
      flush();
      if (!isOver) post({ kind: 'close' });
      const timer = setTimeout(() => void worker.terminate(), patienceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

/**
 * Lets V8 free no WebAssembly code in this process. Each thread strips the types of its modules by WebAssembly, and where
 * threads start and end V8 at times frees code that is already gone, which kills the process (nodejs/node#64500).
 */
function keepWebAssembly(): void {
  setFlagsFromString('--no-wasm-code-gc');
}
