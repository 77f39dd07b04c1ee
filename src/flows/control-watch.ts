import type { Log } from '../domain/connector.ts';
import { type Control, type Controls, controlsOf, noControls } from '../domain/controls.ts';
import { messageOf } from '../domain/errors.ts';

/** What people in charge have decided, as this process knows it: at most a moment old while the store answers. */
export interface ControlWatch {
  /** From memory. While the store is away, what was known last. */
  now(): Controls;
  /** False until they were read once: nobody knows what was decided, and `now` has nothing. */
  isKnown(): boolean;
  /** Reads them at once; never rejects. */
  look(): Promise<void>;
  /** What is known, read anew where that is not of this moment: for who decides without a running service, or seldom. */
  fresh(): Promise<Controls>;
  /** Called after each change that this process hears of. Gives what ends it. */
  onChange(listener: () => void): () => void;
  /** Reads them, and goes on reading them until `stop`. */
  start(): Promise<void>;
  stop(): void;
}

/** A change must hold on every process within a second. Machine time. */
const everyMs = 250;

export function createControlWatch({ read, log }: { read(): Promise<readonly Control[]>; log: Log }): ControlWatch {
  const listeners = new Set<() => void>();
  let known: Controls = noControls;
  let knownText = '[]';
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let isStopped = false;
  let isWarned = false;
  let readAt = Number.NEGATIVE_INFINITY;

  async function look(): Promise<void> {
    const askedAt = performance.now();
    try {
      const all = await read();
      readAt = askedAt;
      const text = JSON.stringify(all);
      if (text === knownText) return;
      tellChanges(log, known.all, all);
      [known, knownText] = [controlsOf(all), text];
      for (const listener of listeners) listener();
    } catch (error) {
      const reason = messageOf(error);
      log.debug({ reason }, 'the controls could not be read');
      if (readAt > Number.NEGATIVE_INFINITY || isWarned) return;
      isWarned = true;
      log.warn(
        { reason },
        'nobody knows yet what was decided live: the stage of new calls is decided once the store is back',
      );
    }
  }

  /** A frozen store holds a read for long: there is never a second one beside it. */
  function lookOnce(): Promise<void> {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  async function goOn(): Promise<void> {
    await lookOnce();
    if (!isStopped) timer = setTimeout(goOn, everyMs).unref();
  }

  return {
    now: () => known,
    isKnown: () => readAt > Number.NEGATIVE_INFINITY,
    async look() {
      await looking;
      await lookOnce();
    },
    async fresh() {
      if (performance.now() - readAt > everyMs) await lookOnce();
      return known;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: goOn,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** Each process says what it goes by from now on. Who set it is in the audit log. */
function tellChanges(log: Log, before: readonly Control[], now: readonly Control[]): void {
  const textOf = ({ kind, scope, percent }: Control) => JSON.stringify([kind, scope, percent]);
  const [old, fresh] = [before, now].map((all) => new Set(all.map(textOf)));
  for (const control of now) if (!old?.has(textOf(control))) log.info(fieldsOf(control), 'a control holds from now on');
  for (const control of before) if (!fresh?.has(textOf(control))) log.info(fieldsOf(control), 'a control was lifted');
}

function fieldsOf({ kind, scope, percent }: Control): object {
  return { control: kind, ...scope, percent };
}
