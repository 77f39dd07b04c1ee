import {
  type Compilable,
  DummyDriver,
  Kysely,
  MysqlAdapter,
  MysqlQueryCompiler,
  SqliteAdapter,
  SqliteQueryCompiler,
} from 'kysely';
import type { Session, StoreKind, Value } from './session.ts';
import type { Tables } from './tables.ts';

/** Names a parameter while a query is built; its type is that of the value. */
export type Param<P> = <K extends keyof P & string>(name: K) => P[K];

export interface PreparedQuery<P, R> {
  all(session: Session, values: P): Promise<R[]>;
  first(session: Session, values: P): Promise<R | undefined>;
  /** How many rows a write matched. */
  change(session: Session, values: P): Promise<number>;
}

/**
 * A Kysely query that is compiled once per database kind, and then only run with values: building and compiling costs
 * more than SQLite needs to answer. Every value must go in through `param`; what doesn't is a constant of the query.
 */
export function prepareQuery<P extends Record<string, Value>, R>(
  build: (db: Kysely<Tables>, param: Param<P>, kind: StoreKind) => Compilable<R>,
): PreparedQuery<P, R> {
  const compiled = new Map<StoreKind, Compiled>();

  function compiledFor(kind: StoreKind): Compiled {
    const known = compiled.get(kind);
    if (known) return known;
    const param: Param<P> = (name) => ({ parameterName: name }) as unknown as P[typeof name];
    const query = build(compilerFor(kind), param, kind).compile();
    const fresh = withNumbers(query.sql, query.parameters.map(slotOf));
    compiled.set(kind, fresh);
    return fresh;
  }

  // Gives on what the session gives: a promise around each promise costs as much as SQLite's own answer.
  function run(session: Session, values: P) {
    const { sql, slots } = compiledFor(session.kind);
    const parameters = slots.map((slot) => ('name' in slot ? (values[slot.name] as Value) : slot.constant));
    return session.run(sql, parameters);
  }

  return {
    all: async (session, values) => (await run(session, values)).rows as R[],
    first: async (session, values) => (await run(session, values)).rows[0] as R | undefined,
    change: async (session, values) => (await run(session, values)).changes,
  };
}

/** Prepared queries that differ in the length of a list: one per length, made when it is first needed. */
export function prepareBySize<Q>(make: (size: number) => Q): (size: number) => Q {
  const queries = new Map<number, Q>();
  return (size) => {
    const query = queries.get(size) ?? make(size);
    queries.set(size, query);
    return query;
  };
}

/** As many ids go into one statement at most. */
const idsAtOnce = 256;

type IdQueries<R> = (size: number) => PreparedQuery<Record<string, string>, R>;

/** A query by ids, of which there may be any number. */
export function prepareByIds<R>(
  build: (db: Kysely<Tables>, ids: string[], kind: StoreKind) => Compilable<R>,
): IdQueries<R> {
  return prepareBySize((size) =>
    prepareQuery((db, param: Param<Record<string, string>>, kind) =>
      build(
        db,
        Array.from({ length: size }, (_, index) => param(`id${index}`)),
        kind,
      ),
    ),
  );
}

/** What such a query finds; no ids find nothing. */
export async function rowsByIds<R>(queries: IdQueries<R>, session: Session, ids: readonly string[]): Promise<R[]> {
  const rows: R[] = [];
  for (let start = 0; start < ids.length; start += idsAtOnce) {
    const padded = padList(ids.slice(start, start + idsAtOnce));
    const values = Object.fromEntries(padded.map((id, index) => [`id${index}`, id]));
    rows.push(...(await queries(padded.length).all(session, values)));
  }
  return rows;
}

/** Lengthens a list to the next power of two by repeating its last value, so that few lengths are ever compiled. */
export function padList<T>(list: readonly T[]): T[] {
  const padded = [...list];
  const last = padded.at(-1);
  if (last === undefined) return padded;
  let size = 1;
  while (size < padded.length) size *= 2;
  while (padded.length < size) padded.push(last);
  return padded;
}

interface Compiled {
  sql: string;
  slots: ({ name: string } | { constant: Value })[];
}

/**
 * Numbers of the query itself are written into it: SQLite looks at a bound limit when it plans, and would prepare such a
 * statement anew each time it runs, which costs more than its rows.
 */
function withNumbers(sql: string, slots: Compiled['slots']): Compiled {
  const [first = '', ...parts] = sql.split('?');
  // A question mark that is no parameter: nothing is known of the others then.
  if (parts.length !== slots.length) return { sql, slots };
  const left: Compiled['slots'] = [];
  let written = first;
  for (const [index, slot] of slots.entries()) {
    const isNumber = 'constant' in slot && Number.isSafeInteger(slot.constant);
    if (!isNumber) left.push(slot);
    written += `${isNumber ? slot.constant : '?'}${parts[index]}`;
  }
  return { sql: written, slots: left };
}

function slotOf(parameter: unknown): { name: string } | { constant: Value } {
  if (typeof parameter === 'object' && parameter !== null && 'parameterName' in parameter) {
    return { name: String(parameter.parameterName) };
  }
  return { constant: parameter as Value };
}

/** A Kysely that only compiles: it has no database. */
export function compilerFor(kind: StoreKind): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createDriver: () => new DummyDriver(),
      createAdapter: () => (kind === 'sqlite' ? new SqliteAdapter() : new MysqlAdapter()),
      createQueryCompiler: () => (kind === 'sqlite' ? new SqliteQueryCompiler() : new MysqlQueryCompiler()),
      createIntrospector: () => {
        throw new Error('a compiler has no database to look at');
      },
    },
  });
}
