import type { Instant } from '../domain/call.ts';
import type { Role } from '../domain/roles.ts';
import type { ConsoleDeps } from './console-deps.ts';
import type { Html } from './html.ts';

/** Some pages of the console that belong together, and what can be done on them. `rooms.ts` lists them all. */
export interface Room {
  /** In the navigation, when the user's role may see its first page. */
  nav?: { title: string; path: string; badge?(deps: ConsoleDeps): Promise<NavBadge | null> };
  pages: readonly Page[];
  actions?: readonly Action[];
  downloads?: readonly Download[];
}

/** Stands beside a title in the navigation, for all who see it; asked for every few seconds while somebody looks. */
export interface NavBadge {
  count: number;
  /** What is counted, to be heard: `things need a person`. */
  words: string;
  tone: 'warn' | 'bad';
}

export interface Page {
  /** Below `/console`, express style: `calls/:id`. Empty for the first page. */
  path: string;
  least: Role;
  /** Null when there is no such thing. What it renders depends on the question alone: several viewers may share it. */
  render(question: Question): Promise<View | null>;
  /** Looked at again so often while somebody has it open, and whenever one of its calls changes in this process. */
  live?: { everyMs: number; callsOf?(question: Question): readonly string[] };
}

/** What a user asks for. */
export interface Question {
  deps: ConsoleDeps;
  user: ConsoleUser;
  params: Readonly<Record<string, string>>;
  /** The first value of each name; empty ones are left out. */
  query: Readonly<Record<string, string>>;
  now: Instant;
}

export interface ConsoleUser {
  name: string;
  role: Role;
}

export interface View {
  title: string;
  body: Html;
  /** What was asked for is another page: go there instead. A path below `/console`. */
  see?: string;
}

/** Something that a form does. The sender, the role and the form's token are proven before it runs. */
export interface Action {
  path: string;
  least: Role;
  run(question: ActionQuestion): Promise<ActionAnswer>;
}

export interface ActionQuestion extends Question {
  /** All values of each field. */
  form: Readonly<Record<string, readonly string[]>>;
}

export type ActionAnswer =
  /** Go there; `notice` is shown once. A path below `/console`, with its query. */
  | { kind: 'see'; path: string; notice?: string; tone?: 'good' | 'warn' }
  /** The answer itself is a page: what must not be asked for again by a link. */
  | { kind: 'show'; view: View; status?: number };

/** A file to take away. */
export interface Download {
  path: string;
  least: Role;
  send(
    question: Question,
  ): Promise<{ contentType: string; fileName: string; body: string | AsyncIterable<string> } | null>;
}
