import type { Attention } from '../../domain/attention.ts';
import type { WriteBack } from '../../domain/write-back.ts';
import type { Store } from '../../store/store.ts';
import type { Examination } from '../doctor/examine-site.ts';
import type { KeptThing } from '../setup/journal.ts';

/** One file of a bundle. */
export interface BundlePart {
  name: string;
  /** What is in it, in a sentence for its README. */
  about: string;
  read(): Promise<BundleContent>;
}

export type BundleContent =
  | { kind: 'data'; value: unknown }
  | { kind: 'text'; text: string }
  | { kind: 'metrics'; text: string }
  /** It could not be had, or was not asked for. */
  | { kind: 'missing'; why: string };

/** Where a bundle comes from; what is null is said to be missing. */
export interface BundleSources {
  /** Of Patchbay, Node, the system and the libraries. */
  versions: Readonly<Record<string, unknown>>;
  /** With its secrets taken out by the schema; or the faults for which it can't be read. */
  configuration: { value: unknown } | { faults: string };
  /** Runs all checks. */
  examine: (() => Promise<Examination>) | null;
  store: Pick<Store, 'measure' | 'countWriteBacks' | 'writeBacks' | 'attention'> | { why: string };
  /** What a running service answers; it rejects when none runs. */
  ask(path: '/readyz' | '/metrics'): Promise<string>;
  /** Files and bytes that wait on the disk. */
  spool(): Promise<{ files: number; sizeBytes: number }>;
  journal(): Promise<readonly KeptThing[]>;
  /** Last lines of a log; null when no file was named. */
  log: (() => Promise<string>) | null;
}

const mostRows = 500;

/** Every part of a bundle. None of them reads a lead, a transcript, a recording, or what was said in a call. */
export function bundleParts(sources: BundleSources): BundlePart[] {
  const { versions, configuration, examine, store, log } = sources;
  const away = 'why' in store ? missing(`the store could not be opened: ${store.why}`) : null;
  const fromStore = (read: (held: Exclude<BundleSources['store'], { why: string }>) => Promise<unknown>) => async () =>
    'why' in store ? (away as BundleContent) : data(await read(store));
  return [
    {
      name: 'versions.json',
      about: 'versions of Patchbay, Node.js, the system and the libraries',
      read: async () => data(versions),
    },
    'value' in configuration
      ? {
          name: 'configuration.json',
          about: 'the configuration as it is used, defaults filled in, without secrets',
          read: async () => data(configuration.value),
        }
      : {
          name: 'configuration-faults.txt',
          about: 'why the configuration can not be read',
          read: async () => ({ kind: 'text', text: configuration.faults }),
        },
    {
      name: 'doctor.json',
      about: 'what each check of the doctor found, and what it says to the troubleshooting of the guides',
      read: async () => (examine ? data(await examine()) : missing('the configuration can not be read')),
    },
    {
      name: 'store.json',
      about: 'the database and how many rows each table has',
      read: fromStore((held) => held.measure()),
    },
    {
      name: 'write-backs.json',
      about: `how many write-backs stand how, and the last ${mostRows} that failed, are held or are tried again, with the reasons`,
      read: fromStore(async (held) => ({
        counts: await held.countWriteBacks(),
        troubled: await troubledRows(held),
      })),
    },
    {
      name: 'attention.json',
      about: 'how many things need a person, by kind, and what reconciliation found',
      read: fromStore(async (held) => attentionOf(await held.attention({ isOpen: true, limit: 5000 }))),
    },
    {
      name: 'service.json',
      about: 'what the running service says of itself: ready, draining, how much waits in the spool',
      read: async () => data(JSON.parse(await sources.ask('/readyz')) as unknown),
    },
    {
      name: 'metrics.txt',
      about: "the running service's metrics: answers, times, breakers, backlogs",
      read: async () => ({ kind: 'metrics', text: await sources.ask('/metrics') }),
    },
    {
      name: 'spool.json',
      about: 'how much waits on the disk for the store',
      read: async () => data(await sources.spool()),
    },
    {
      name: 'setup-journal.json',
      about: 'what `setup --apply` made, without what undo needs of it',
      read: async () => data((await sources.journal()).map(thingOf)),
    },
    {
      name: 'log.txt',
      about: 'the last lines of the log',
      read: async () => {
        if (!log) return missing('the service logs to its standard output: name a file with --log');
        // Without the configuration nobody knows which words of it are secret.
        if ('faults' in configuration) return missing('the configuration can not be read');
        return { kind: 'text', text: await log() };
      },
    },
  ];
}

/** Rows without their target and what they want: those name customers. */
async function troubledRows(store: Pick<Store, 'writeBacks'>): Promise<unknown[]> {
  const failed = await store.writeBacks({ states: ['dead', 'refused', 'held'], limit: mostRows });
  const open = await store.writeBacks({ states: ['pending', 'submitted'], limit: mostRows });
  // What a dialer puts off costs no attempt, and has a reason all the same.
  return [...failed, ...open.filter(({ attempts, why }) => attempts > 0 || why !== '')].map(rowOf);
}

function rowOf(row: WriteBack): unknown {
  const { id, correlationId, dialer, aspect, revision, state, dueAt, attempts, inDoubt, why, hint, createdAt } = row;
  return { id, correlationId, dialer, aspect, revision, state, dueAt, attempts, inDoubt, why, hint, createdAt };
}

/** Only findings tell their details: those are our own words, the others may repeat a person's. */
function attentionOf(items: readonly Attention[]): unknown {
  const counts: Record<string, number> = {};
  for (const { kind } of items) counts[kind] = (counts[kind] ?? 0) + 1;
  const findings = items.flatMap(({ kind, details, count, firstAt, lastAt, correlationId }) =>
    kind === 'finding'
      ? { why: details.why ?? '', hint: details.hint ?? '', correlationId, count, firstAt, lastAt }
      : [],
  );
  return { kinds: Object.entries(counts).map(([kind, count]) => ({ kind, count })), findings };
}

function thingOf({ instance, step, what, state, isCertain, note, at, undoneAt }: KeptThing): unknown {
  return { instance, step, what, state, isCertain, note, at, undoneAt };
}

function data(value: unknown): BundleContent {
  return { kind: 'data', value };
}

function missing(why: string): BundleContent {
  return { kind: 'missing', why };
}
