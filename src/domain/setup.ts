/** What can be written to a file and read again. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonFields = Readonly<Record<string, Json>>;

/** In this order the runbook goes. */
export const setupPhases = ['access', 'platform', 'dialer', 'campaign', 'production'] as const;
/** `access`: accounts and rights. `production`: what comes after the first test call. */
export type SetupPhase = (typeof setupPhases)[number];

/** A step of the set-up: done by the admin, generated for the admin, or done over an API. */
export interface SetupStep {
  /** Unique within the connector. */
  id: string;
  title: string;
  kind: 'manual' | 'generated' | 'api';
  phase: SetupPhase;
  /** Checks of the doctor that see whether it is done, named as in guide.ts; none where nobody can see it. */
  checks: readonly string[];
  /** Markdown with the site's own names filled in, no heading. Never a secret. */
  describe(): string | Promise<string>;
  /**
   * What applying would do, after a look at the system. Changes nothing.
   *
   * @param made what set-up remembers having made in this step and not taken back, oldest first
   */
  plan?(made?: readonly MadeThing[]): Promise<readonly PlannedChange[]>;
  /** Does what `plan` says. Harmless twice. */
  apply?(run: SetupRun, made?: readonly MadeThing[]): Promise<void>;
  /** Takes back one thing that `apply` made, unless somebody changed it since. Harmless twice. */
  undo?(made: MadeThing): Promise<UndoAnswer>;
}

export interface PlannedChange {
  /** As an admin would call it: `contact field patchbay_key`. */
  what: string;
  /**
   * `blocked`: it can't be done now, or not with the rights that we have. `unseen`: the system does not tell whether it is
   * there; it is done, harmless twice, unless set-up remembers that it made a thing of this name.
   */
  state: 'there' | 'missing' | 'differs' | 'blocked' | 'unseen';
  /** What will be made or changed, from what to what; or why it is blocked, and what to do. */
  detail: string;
}

/** What a step works with while it is applied. */
export interface SetupRun {
  /** Keeps, durably, what is about to be made or changed: before it is, so that a crash leaves nothing that undo does not know. */
  begin(what: string, undoData: JsonFields): Promise<Beginning>;
  /** Puts a secret that a system made for us into the site's secrets, and its name into this list of our own section. */
  keepSecret(secret: { name: string; value: string; list: readonly string[] }): Promise<void>;
  /** Takes a secret out again. */
  dropSecret(name: string, list: readonly string[]): Promise<void>;
}

export interface Beginning {
  /** It was made; `undoData` adds what is known only now, such as a new id. */
  made(undoData?: JsonFields): Promise<void>;
  /** It was there already: nothing to take back, and nothing to make the next time where the system does not tell. */
  wasThere(): Promise<void>;
  /** It was refused: nothing to take back. */
  dropped(): Promise<void>;
}

/** What a step made, as it was kept. */
export interface MadeThing {
  step: string;
  what: string;
  undoData: JsonFields;
  /** False when a crash came between: it may be there or not. */
  isCertain: boolean;
}

export type UndoAnswer =
  | { kind: 'undone' }
  /** It was not there any more. */
  | { kind: 'gone' }
  /** Somebody changed it since: it was left alone. */
  | { kind: 'changed'; why: string }
  /** The system has no way for it over its API. */
  | { kind: 'by-hand'; what: string };

/** How a wizard asks: people at a terminal, or a file of answers. The key names the answer: `vicidial.database.host`. */
export interface Asker {
  /**
   * True when nobody answers for real, because an answer is missing or only the questions are wanted: nothing may be sent
   * to a system then. Ask on as if it did not answer. Look again before each request: it turns true on the way.
   */
  readonly isRehearsal: boolean;
  text(question: TextQuestion): Promise<string>;
  /** `byDefault`: the secret as it is now; it is never shown. */
  secret(question: TextQuestion): Promise<string>;
  confirm(question: { key: string; message: string; byDefault: boolean }): Promise<boolean>;
  choose<Value extends string>(question: ChoiceQuestion<Value> & { byDefault?: Value }): Promise<Value>;
  chooseSome<Value extends string>(
    question: ChoiceQuestion<Value> & { byDefault?: readonly Value[] },
  ): Promise<Value[]>;
  /** Tells something that was found out, so that it need not be asked. */
  say(line: string): void;
}

export interface TextQuestion {
  key: string;
  message: string;
  byDefault?: string;
  /** Why the answer can't be used; null when it can. */
  judge?(answer: string): string | null;
}

export interface ChoiceQuestion<Value extends string> {
  key: string;
  message: string;
  choices: readonly { value: Value; label: string; hint?: string }[];
}

/** A number at a platform, for the wizards of the dialers. */
export interface PlatformNumber {
  platform: string;
  number: string;
  agentId: string;
  agentName: string;
  /** The SIP server to which its calls go. */
  sipHost?: string;
}

/** What a wizard can use of the rest of the site. */
export interface WizardSite<Deps> {
  /** Id of the instance that is being set up. */
  id: string;
  publicUrl: string;
  /** For an instance or a client that only reads. Nothing of it needs the store. */
  deps: Deps;
  /** Numbers at the platforms that were set up before, with the agent that answers. */
  numbers: readonly PlatformNumber[];
  /**
   * The section as it is configured now, secrets as references; null when there is none yet. Its values are the defaults.
   */
  present: Readonly<Record<string, unknown>> | null;
  /** The value behind a text of it: `${NAME}` filled in; empty when the name is not set. */
  valueOf(text: string): string;
  /** Keeps a secret, and gives the reference to write in its place: `${NAME}`. */
  keepSecret(name: string, value: string): string;
  /** Makes an API key for this client, once; gives the reference of the key itself. */
  makeClient(client: { name: string; may: readonly ('dialer' | 'tools' | 'operator')[] }): string;
}

/**
 * Asks what is needed to configure one instance, and reads the system as soon as it can log in, so as not to ask what it
 * holds.
 */
export type SetupWizard<Deps> = (
  ask: Asker,
  site: WizardSite<Deps>,
) => Promise<{
  /**
   * The section of the configuration, secrets as references. It is laid over the present one: sections are merged, lists and
   * values replaced, a key that is `undefined` is taken out.
   */
  section: Record<string, unknown>;
  /** For the wizards of the dialers. */
  numbers?: WizardSite<Deps>['numbers'];
}>;
