import type { Socket } from 'node:net';
import type { ZodType } from 'zod';
import type { Call, CallRef, CallSighting, Instant } from './call.ts';
import type { Clock } from './clock.ts';
import type { Backlog } from './delivery.ts';
import type { Dialling } from './dialling.ts';
import type { Fact, GateEvidence, StoredFact } from './fact.ts';
import type { FailAt } from './fail-points.ts';
import type { GuideEntry } from './guide.ts';
import type { Fence, HeldLease } from './lease.ts';
import type { Quota } from './link-report.ts';
import type { SetupStep, SetupWizard } from './setup.ts';
import type { Tracing } from './tracing.ts';
import type { WriteBack } from './write-back.ts';

/** Structured log; the variable parts are fields. Never hand it phones, names, bodies or secrets. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What every connector is handed. Flows and store come in as functions: a connector imports neither. */
export interface ConnectorDeps {
  clock: Clock;
  log: Log;
  /** A new random id, lower-case text. */
  newId(): string;
  /** A number in [0, 1), for jitter. */
  random(): number;
  /** Keyed hash of a phone number, for logs. */
  hashNumber(number: string): string;
  /** `https://patchbay.example.com`, without a slash at the end. */
  publicUrl: string;
  /** True only in a drill that proves the measure: reading before writing again is switched off. */
  ignoresIdempotency: boolean;
  /** A write that is several requests says where it is: only a drill listens. */
  failAt: FailAt;
  /** Appends what a system told us. Durable when it resolves: in the store, or in the spool. */
  recordFacts(facts: readonly Fact[]): Promise<void>;
  /** Registers a call that the connector saw by itself (a poll, a listener), and gives what its headers may carry. */
  registerCall(sighting: CallSighting, via: 'headers' | 'start' | 'poll'): Promise<RegisteredCall>;
  /** A small value that the connector keeps between runs, by name. Empty text when there is none. */
  readCursor(name: string): Promise<string>;
  /** Rejects with `lease_lost` when another process has the lease of the fence by now. */
  writeCursor(name: string, value: string, under?: Fence): Promise<void>;
  /**
   * Runs the work while this process alone holds the lease; null when another process has it. The signal is aborted
   * when the lease is lost; what must not be done twice asks the lease itself right before.
   */
  withLease<T>(name: string, work: (signal: AbortSignal, lease: HeldLease) => Promise<T>): Promise<T | null>;
  /** Looks for due write-backs of this dialer at once. */
  nudge(): void;
  /** How many write-backs wait for this dialer, per aspect that has any: a read through all of them. */
  backlog(): Promise<readonly Backlog[]>;
  /** Has `confirm` asked about this receipt at once: a dialer said that it is through. */
  settleSoon(receipt: string): Promise<void>;
  /** What we hold of some calls, newest first: for an operator, never for a live call. */
  describeCalls(query: CallQuery): Promise<CallDescription[]>;
  /** When (epoch ms) a dialer's script last asked for the outcome of a call, as far as this process knows; else null. */
  takenBackAt(correlationId: string): number | null;
  /** Where platforms can ask about a call that comes in, with `<token>` for the secret part. None: nobody can. */
  inboundCallUrls(): readonly string[];
  /** What an agent's prompt must know of this site. Needs neither store nor service. */
  promptWords(): PromptWords;
  /** Whether a number (E.164) is on our own opt-out list. */
  isOptedOut(phone: string): Promise<boolean>;
  /** Whether a customer may be called now: asked before a call is placed. Never rejects. */
  mayCall(question: CallQuestion): Promise<GateAnswer>;
  /** For platforms that call leads themselves. */
  dialling: Dialling;
  /** For words of its own about what it asks; that it asks is traced anyhow. (Default: nothing is traced) */
  tracing?: Tracing;
}

export interface PromptWords {
  /** Names of the `X-` headers that any dialer sends, each once. */
  headers: readonly string[];
  /** Outcome codes that an agent may commit. */
  outcomes: readonly string[];
}

/** Who is to be called, and for whom. */
export interface CallQuestion {
  /** Instance id and campaign name of the dialer whose lead it is: they say which rules apply. */
  dialer: string;
  campaign: string;
  /** E.164. */
  phone: string;
  /** The lead's fields by our names: `utc_offset`, `postal_code`, `state`, and where consent is noted. */
  fields: Readonly<Record<string, string>>;
  /** When the customer will be called. (Default: now) */
  at?: Instant;
}

export interface GateAnswer {
  isAllowed: boolean;
  /** `opt_out`, `outside_hours`, `no_consent`, `scrubbed`, `paused`, `store_away`; empty when allowed. */
  reason: string;
  /** On what it was decided; free of personal data. Goes into the registered fact as `gate`. */
  evidence: GateEvidence;
}

/** Names of calls, or numbers; with `leadKey` only the calls of that lead of this dialer, by its numbers and these. */
export interface CallQuery {
  refs?: readonly CallRef[];
  /** E.164. */
  phones?: readonly string[];
  leadKey?: string;
  /** The calls of this dialer that were registered from one instant on and before another: goes through all calls. */
  registered?: { from: Instant; before: Instant };
}

/** One call with everything that was told of it and is wanted for it. */
export interface CallDescription {
  call: Call;
  refs: readonly CallRef[];
  facts: readonly StoredFact[];
  /** Every revision, in the order of dialer, aspect and revision. */
  writeBacks: readonly WriteBack[];
}

export interface RegisteredCall {
  correlationId: string;
  route: string;
  /** Every configured header with its value, in order; empty where nothing is known. */
  headers: readonly (readonly [name: string, value: string])[];
  /** Only those with a value, cleaned and within the budget: what goes onto the SIP leg. */
  sentHeaders: readonly (readonly [name: string, value: string])[];
}

/** What any connector, dialer or platform, may contribute besides its main job. */
export interface Contributions {
  id: string;
  type: string;
  /**
   * Made anew for each run, so that checks may share what one run has read. Always the same ids; none in an instance that
   * only serves (see `ConnectorFactory`).
   */
  checks(): readonly Check[];
  routes?: readonly ConnectorRoute[];
  listeners?: readonly Listener[];
  jobs?: readonly Job[];
  commands?: readonly Command[];
  setupSteps?: readonly SetupStep[];
  metrics?(): readonly Metric[];
  /** What is left of its limits, from memory. */
  quotas?(): readonly Quota[];
  close(): Promise<void>;
}

/**
 * A factory: the type's name, its configuration, and how to make an instance of it. Each type has two: the whole, and one
 * whose instances only serve, without guide and wizard, checks, set-up steps, test calls and commands. Those are as much
 * code again, and the running service never asks for them.
 */
export interface ConnectorFactory<Config, Instance extends Contributions> {
  type: string;
  config: ZodType<Config>;
  create(id: string, config: Config, deps: ConnectorDeps): Instance;
  /** What serves each entry of the guides that are published for it. */
  guide?: readonly GuideEntry[];
  wizard?: SetupWizard<ConnectorDeps>;
}

/** A request as a connector's own route sees it. */
export interface PlainRequest {
  method: string;
  /** Values of `:name` parts of the path. */
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

export interface PlainAnswer {
  status: number;
  contentType: string;
  body: string;
}

/** Mounted under `/v1/dialers/{id}/` or `/v1/platforms/{id}/`. */
export interface ConnectorRoute {
  method: 'GET' | 'POST';
  /** Relative, express style: `imports/:token`. */
  path: string;
  /** `client`: an API key is asked for. `open`: the route proves the sender by itself. */
  access: 'client' | 'open';
  /** Whether the `:token` in the path is ours, asked before the body is read. (Default: only the body shows it) */
  knowsToken?(token: string): boolean;
  handle(request: PlainRequest): Promise<PlainAnswer>;
}

/** A server of the connector's own, such as FastAGI. The service holds its socket, so that it outlives a configuration. */
export interface Listener {
  name: string;
  /** How its address begins: `agi`. */
  scheme: string;
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** (Default: as many as come) */
  mostConnections?: number;
  /** Serves one connection until it is closed. Never rejects. */
  serve(socket: Socket): Promise<void>;
  /** One more than `mostConnections` came. */
  turnedAway?(): void;
}

/** Something that runs again and again: at an interval, or by cron. */
export interface Job {
  name: string;
  schedule: { everyMs: number } | { cron: string; timeZone?: string };
  /** One process at a time runs it. */
  isExclusive: boolean;
  /** @param lease that of an exclusive job: what it writes under it is refused once another process has it */
  run(signal: AbortSignal, lease?: HeldLease): Promise<void>;
}

export interface CommandOutput {
  write(line: string): void;
  isTerminal: boolean;
  isJson: boolean;
}

/** A subcommand: `npx patchbay <id> <name> …`. Gives the exit code. */
export interface Command {
  name: string;
  summary: string;
  arguments?: readonly { name: string; summary: string; isRequired: boolean }[];
  options?: readonly { flags: string; summary: string }[];
  /** True when it needs neither store nor leases with these words and options: then it works before `serve` ever ran. */
  isOffline?(args: readonly string[], options: Readonly<Record<string, unknown>>): boolean;
  run(args: readonly string[], options: Readonly<Record<string, unknown>>, output: CommandOutput): Promise<number>;
}

export interface Check {
  /** Unique within the connector: `database.reachable`. */
  id: string;
  title: string;
  /** What is looked at, for the reader: table and column, API call, file. */
  looksAt: string;
  /** Ids of checks without which this one can't tell; `<instance>:<id>` for another's. */
  needs?: readonly string[];
  /** Ids of checks that are done before, whatever they say: it asks for their results itself, and tells what it can. */
  after?: readonly string[];
  run(seen?: SeenResults): Promise<CheckResult>;
}

/** Results of checks that are done, by global name. */
export type SeenResults = (id: string) => (CheckResult & { id: string }) | undefined;

export interface CheckResult {
  status: 'ok' | 'warn' | 'fail' | 'unknown';
  found: string;
  /** Why it matters, and what to change, where. Empty when ok. */
  why?: string;
  fix?: string;
  /** Global names of the checks at the root of it, where it could not be told, or not for all, for want of them. */
  causes?: readonly string[];
}

export interface Metric {
  /** `patchbay_…`, field-standard unit at the end. */
  name: string;
  help: string;
  type: 'gauge' | 'counter';
  /** Every label that a sample has. Few values each: never an id, a number, or what somebody wrote. */
  labelNames: readonly string[];
  samples: readonly { labels: Readonly<Record<string, string>>; value: number }[];
}

/** Foreign variables by name, as they came: query, form, JSON, SIP headers, dynamic variables. */
export type Variables = Readonly<Record<string, string>>;

export const ourInstance = 'patchbay';

/** The reference that our own correlation ID makes. */
export function correlationRef(correlationId: string): CallRef {
  return { instance: ourInstance, kind: 'correlation', key: correlationId };
}
