import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../domain/clock.ts';
import { instantOf } from '../../domain/clock.ts';
import { ConnectorError, messageOf } from '../../domain/errors.ts';
import type { JsonFields, UndoAnswer } from '../../domain/setup.ts';

/** Where a thing stands. `begun`: a crash came between, so it may be there or not. */
export type ThingState = 'begun' | 'made' | 'there' | 'dropped' | UndoAnswer['kind'];

/** One thing that a step made, or set out to make. */
export interface KeptThing {
  id: string;
  instance: string;
  step: string;
  what: string;
  undoData: JsonFields;
  state: ThingState;
  /** False as long as nobody knows whether it was made. */
  isCertain: boolean;
  /** Why it stands so, or what is left to do by hand; empty when there is nothing to say. */
  note: string;
  at: string;
  by: string;
  /** When and by whom it was taken back, or tried to be; empty before. */
  undoneAt: string;
  undoneBy: string;
  /** The secret that was kept along with it, by its name; it leaves with it. */
  secrets: readonly KeptSecret[];
}

export interface KeptSecret {
  name: string;
  /** In the section of the instance. */
  list: readonly string[];
}

/** The durable record of what set-up made, appended to a file that only its owner reads. */
export interface SetupJournal {
  /** In the order in which they were begun. */
  things(): Promise<KeptThing[]>;
  begin(thing: { instance: string; step: string; what: string; undoData: JsonFields }): Promise<string>;
  made(id: string, undoData: JsonFields): Promise<void>;
  wasThere(id: string): Promise<void>;
  dropped(id: string): Promise<void>;
  secretKept(id: string, secret: KeptSecret): Promise<void>;
  secretDropped(secret: KeptSecret & { instance: string }): Promise<void>;
  undone(id: string, state: UndoAnswer['kind'], note: string): Promise<void>;
}

type Line =
  | ({ kind: 'begun' } & Pick<KeptThing, 'id' | 'instance' | 'step' | 'what' | 'undoData' | 'at' | 'by'>)
  | { kind: 'made'; id: string; undoData: JsonFields }
  | { kind: 'there'; id: string }
  | { kind: 'dropped'; id: string }
  | ({ kind: 'secret-kept'; id: string } & KeptSecret)
  | ({ kind: 'secret-dropped'; instance: string } & KeptSecret)
  | { kind: 'undone'; id: string; state: UndoAnswer['kind']; note: string; at: string; by: string };

export interface JournalDeps {
  clock: Clock;
  newId(): string;
  /** Who acts: `cli:ada`. */
  by: string;
}

/** Opens the journal in this file; nothing is made before something is kept. */
export function openJournal(deps: JournalDeps, file: string): SetupJournal {
  const now = () => instantOf(deps.clock);
  const append = (line: Line) => appendLine(file, line);
  return {
    things: async () => replay(await readLines(file)),
    async begin(thing) {
      const id = deps.newId();
      await append({ kind: 'begun', id, at: now(), by: deps.by, ...thing });
      return id;
    },
    made: (id, undoData) => append({ kind: 'made', id, undoData }),
    wasThere: (id) => append({ kind: 'there', id }),
    dropped: (id) => append({ kind: 'dropped', id }),
    secretKept: (id, secret) => append({ kind: 'secret-kept', id, ...secret }),
    secretDropped: (secret) => append({ kind: 'secret-dropped', ...secret }),
    undone: (id, state, note) => append({ kind: 'undone', id, state, note, at: now(), by: deps.by }),
  };
}

/** Resolves when the line is on the disk. A torn line before it is closed first, so that it spoils nothing but itself. */
async function appendLine(file: string, line: Line): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(file, 'a+', 0o600);
    try {
      const { size } = await handle.stat();
      const last = Buffer.alloc(1);
      if (size > 0) await handle.read(last, 0, 1, size - 1);
      const isTorn = size > 0 && last.toString() !== '\n';
      await handle.appendFile(`${isTorn ? '\n' : ''}${JSON.stringify(line)}\n`);
      await handle.sync();
      if (size === 0) await syncFolder(dirname(file));
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new ConnectorError('bad_request', `the journal ${file} can't be written: ${messageOf(cause)}`, {
      hint: 'Nothing is changed without it. Make its folder writable, or name another with setup.journal.',
      cause,
    });
  }
}

/** The name of a new file is durable only with its folder; not every system knows how. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

async function readLines(file: string): Promise<Line[]> {
  if (!(await stat(file).catch(() => null))) return [];
  const text = await readFile(file, 'utf8');
  const lines: Line[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    try {
      lines.push(JSON.parse(line) as Line);
    } catch {
      // Torn by a crash while it was written: what it would have told had not begun.
    }
  }
  return lines;
}

function replay(lines: readonly Line[]): KeptThing[] {
  const things = new Map<string, KeptThing>();
  for (const line of lines) {
    if (line.kind === 'begun') {
      const { kind: _, ...thing } = line;
      things.set(line.id, {
        ...thing,
        state: 'begun',
        isCertain: false,
        note: '',
        undoneAt: '',
        undoneBy: '',
        secrets: [],
      });
      continue;
    }
    if (line.kind === 'secret-dropped') {
      for (const thing of things.values()) {
        if (thing.instance === line.instance) thing.secrets = thing.secrets.filter((secret) => !isSame(secret, line));
      }
      continue;
    }
    const thing = things.get(line.id);
    if (!thing) continue;
    if (line.kind === 'made')
      Object.assign(thing, { state: 'made', isCertain: true, undoData: { ...thing.undoData, ...line.undoData } });
    else if (line.kind === 'there' || line.kind === 'dropped') thing.state = line.kind;
    else if (line.kind === 'secret-kept') thing.secrets = [...thing.secrets, { name: line.name, list: line.list }];
    else Object.assign(thing, { state: line.state, note: line.note, undoneAt: line.at, undoneBy: line.by });
  }
  return [...things.values()];
}

function isSame(one: KeptSecret, other: KeptSecret): boolean {
  return one.name === other.name && one.list.join() === other.list.join();
}

/** Whether there is still something to take back. */
export function isOpen({ state }: Pick<KeptThing, 'state'>): boolean {
  return state === 'begun' || state === 'made' || state === 'changed' || state === 'by-hand';
}
