import type { AttentionToRaise } from '../domain/attention.ts';
import type { Clock } from '../domain/clock.ts';
import { instantOf } from '../domain/clock.ts';
import type { Log } from '../domain/connector.ts';
import { messageOf } from '../domain/errors.ts';
import type { Store } from '../store/store.ts';

/**
 * Shows things to the people in charge, at most one write a minute per thing: who sends us rubbish must not be able to
 * make us write at every request. What comes meanwhile is counted and told with the next write.
 */
export interface NoticeBoard {
  /** Never waits and never throws. False when it is only counted, for now. */
  raise(item: AttentionToRaise): boolean;
  /** Resolves when all that was raised is in the store, or could not be brought there. */
  flush(): Promise<void>;
}

export interface NoticeBoardOptions {
  store(): Pick<Store, 'raiseAttention'>;
  clock: Pick<Clock, 'now'>;
  log: Log;
  /** Between two writes of one thing, of the machine's clock. (Default: a minute) */
  everyMs?: number;
  /** Things that are remembered at once; beyond that the eldest are told at once. (Default: 1000) */
  maxItems?: number;
}

interface Waiting {
  /** What came since the last write; null when nothing did. */
  item: AttentionToRaise | null;
  times: number;
  timer: NodeJS.Timeout;
}

export function createNoticeBoard(options: NoticeBoardOptions): NoticeBoard {
  const { store, clock, log, everyMs = 60_000, maxItems = 1000 } = options;
  const items = new Map<string, Waiting>();
  const writing = new Set<Promise<void>>();

  function write(item: AttentionToRaise, times: number): void {
    const written = store()
      .raiseAttention([{ ...item, times }], instantOf(clock))
      .catch((error: unknown) => {
        log.warn(
          { kind: item.kind, reason: messageOf(error) },
          'what needs a person could not be kept; it is tried again',
        );
        const waiting = items.get(nameOf(item)) ?? open(item);
        waiting.item ??= item;
        waiting.times += times;
      });
    writing.add(written);
    void written.finally(() => writing.delete(written));
  }

  function open(item: AttentionToRaise): Waiting {
    const name = nameOf(item);
    const timer = setTimeout(() => tellRest(name), everyMs).unref();
    const waiting: Waiting = { item: null, times: 0, timer };
    items.set(name, waiting);
    return waiting;
  }

  function tellRest(name: string): void {
    const waiting = items.get(name);
    items.delete(name);
    if (!waiting?.item) return;
    clearTimeout(waiting.timer);
    const { item, times } = waiting;
    open(item);
    write(item, times);
  }

  return {
    raise(item) {
      const waiting = items.get(nameOf(item));
      if (waiting) {
        waiting.item = item;
        waiting.times += 1;
        return false;
      }
      const [eldest] = items.keys();
      if (items.size >= maxItems && eldest !== undefined) forget(eldest);
      open(item);
      write(item, 1);
      return true;
    },
    async flush() {
      for (const name of [...items.keys()]) forget(name);
      await Promise.all(writing);
    },
  };

  function forget(name: string): void {
    const waiting = items.get(name);
    items.delete(name);
    clearTimeout(waiting?.timer);
    if (waiting?.item) write(waiting.item, waiting.times);
  }
}

function nameOf({ kind, key }: AttentionToRaise): string {
  return `${kind} ${key}`;
}
