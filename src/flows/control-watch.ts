import type { Log } from '../domain/connector.ts';
import { type Control, type Controls, controlsOf, noControls } from '../domain/controls.ts';
import { messageOf } from '../domain/errors.ts';

/** What people in charge have decided, as this process knows it: at most a moment old while the store answers. */
export interface ControlWatch {
  /** From memory. While the store is away, what was known last. */
  now(): Controls;
  /** Reads them at once; never rejects. */
  look(): Promise<void>;
  /** Called after each change that this process hears of. */
  onChange(listener: () => void): void;
  /** Reads them, and goes on reading them until `stop`. */
  start(): Promise<void>;
  stop(): void;
}

/** A change must hold on every process within a second. Machine time. */
const everyMs = 250;

export function createControlWatch({ read, log }: { read(): Promise<readonly Control[]>; log: Log }): ControlWatch {
  const listeners: (() => void)[] = [];
  let known: Controls = noControls;
  let knownText = '[]';
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let isStopped = false;

  async function look(): Promise<void> {
    try {
      const all = await read();
      const text = JSON.stringify(all);
      if (text === knownText) return;
      [known, knownText] = [controlsOf(all), text];
      for (const listener of listeners) listener();
    } catch (error) {
      log.debug({ reason: messageOf(error) }, 'the controls could not be read');
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
    async look() {
      await looking;
      await lookOnce();
    },
    onChange: (listener) => void listeners.push(listener),
    start: goOn,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
