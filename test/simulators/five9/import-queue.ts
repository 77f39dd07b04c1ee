import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../src/domain/clock.ts';
import { soapFault } from './soap-fault.ts';
import type { XmlChildren } from './xml.ts';

export type ImportKind = 'list' | 'crm' | 'disposition';

/** Does the work of an import at an instant, and gives its result. */
export type ImportWork = (identifier: string, at: number) => XmlChildren;

export interface ImportCallback {
  url: string;
  format: string;
}

/** Brings the news of an import to its callback address when it is through, once or more often. */
export type TellCallback = (callback: ImportCallback, readyAt: number, identifier: string, times: number) => void;

/** What befalls an import. */
export interface ImportFate {
  /** Simulated milliseconds. */
  runsMs?: number;
  /** ASSUMPTION: it changes nothing, and its result says that it was no success. */
  isCancelled?: boolean;
  /** It takes effect, and its identifier is unknown afterwards. */
  isForgotten?: boolean;
  /** It takes effect, and its counters tell of one record too few. */
  isMiscounted?: boolean;
  /** How often its completion is told. (Default: once) */
  callbacks?: number;
}

/** Asynchronous imports: each takes effect when its simulated time is over, in the order of those times. */
export interface ImportQueue {
  /** Gives the identifier. A callback is told when the import is through. */
  submit(kind: ImportKind, work: ImportWork, callback: ImportCallback | null): string;
  /** Lets take effect what is due. To be called before anything looks at the domain. */
  settle(): void;
  /** When the import is through, epoch milliseconds; a fault for an unknown identifier. */
  readyAt(identifier: string): number;
  /** A fault when it is not through, or of another kind. */
  result(kind: ImportKind, identifier: string): XmlChildren;
  /** Adds to what befalls the next import. */
  foretell(fate: ImportFate): void;
}

interface Job {
  kind: ImportKind;
  identifier: string;
  readyAt: number;
  work: ImportWork;
  result: XmlChildren | null;
  fate: ImportFate;
}

export function createImportQueue(clock: Pick<Clock, 'now'>, usualDelayMs: number, tell: TellCallback): ImportQueue {
  const jobs = new Map<string, Job>();
  let waiting: Job[] = [];
  let next: ImportFate = {};

  function jobOf(identifier: string): Job {
    const job = jobs.get(identifier);
    if (job && !job.fate.isForgotten) return job;
    throw soapFault('UnknownIdentifierFault', 'Unknown identifier');
  }

  return {
    submit(kind, work, callback) {
      const fate = next;
      next = {};
      const readyAt = clock.now() + (fate.runsMs ?? usualDelayMs);
      const job: Job = { kind, identifier: randomUUID(), readyAt, work, result: null, fate };
      jobs.set(job.identifier, job);
      waiting.push(job);
      if (callback) tell(callback, job.readyAt, job.identifier, fate.callbacks ?? 1);
      return job.identifier;
    },
    settle() {
      const due = waiting.filter((job) => job.readyAt <= clock.now()).sort((a, b) => a.readyAt - b.readyAt);
      if (due.length === 0) return;
      waiting = waiting.filter((job) => !due.includes(job));
      for (const job of due) job.result = resultOf(job);
    },
    readyAt: (identifier) => jobOf(identifier).readyAt,
    result(kind, identifier) {
      const job = jobOf(identifier);
      if (job.kind !== kind) throw soapFault('UnknownIdentifierFault', 'Unknown identifier');
      if (job.result) return job.result;
      throw soapFault('ResultIsNotReadyFault', 'Result is not ready due to process is not complete');
    },
    foretell(fate) {
      next = { ...next, ...fate };
    },
  };
}

function resultOf({ work, identifier, readyAt, fate }: Job): XmlChildren {
  if (fate.isCancelled) {
    return {
      failureMessage: 'The import was cancelled',
      importIdentifier: identifier,
      success: false,
      uploadDuplicatesCount: 0,
      uploadErrorsCount: 0,
    };
  }
  const result = work(identifier, readyAt);
  return fate.isMiscounted ? { ...result, ...oneFewer(result) } : result;
}

function oneFewer(result: XmlChildren): XmlChildren {
  for (const counter of ['dispRecordsUpdated', 'crmRecordsUpdated', 'listRecordsInserted', 'crmRecordsInserted']) {
    const count = Number(result[counter] ?? 0);
    if (count > 0) return { [counter]: count - 1 };
  }
  return {};
}
