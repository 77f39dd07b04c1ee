import type { LineControl } from './ai-lines.ts';
import type { CallRef, CallSighting, Instant, Leg } from './call.ts';
import type { ConnectorFactory, Contributions, Variables } from './connector.ts';
import type { Backlog, DeliveryAnswers, Hold, KeepAnswers } from './delivery.ts';
import type { DialFigures } from './dial-figures.ts';
import type { Lead, LeadPage, ReadPace } from './lead.ts';
import type { DialerSettings } from './settings.ts';
import type { DialerView, ViewReader } from './site-view.ts';
import type { SoftphoneAccount, TestCalls } from './test-call.ts';
import type { Aspect, WriteBack } from './write-back.ts';

/** The port of a dialer. Everything but `deliver`, `checks` and the contributions' basics is optional. */
export interface Dialer extends Contributions {
  settings: DialerSettings;
  /** What this dialer can be told. */
  aspects: readonly Aspect[];
  /** How many rows `deliver` takes at once. */
  batchSize: number;
  /**
   * Brings rows to the dialer. Never throws for one row's sake; a thrown ConnectorError speaks for all rows. A row with
   * `inDoubt` may have taken effect already: read the dialer before writing again.
   *
   * @param keep stores answers before the whole batch is through; what was kept need not be answered again
   * @param hold asked right before each request that changes something (see `assertOurs`)
   */
  deliver(rows: readonly WriteBack[], keep?: KeepAnswers, hold?: Hold): Promise<DeliveryAnswers>;
  /**
   * When the dialer will take rows of an aspect again (epoch ms), 0 when it takes them now. Until then they are not
   * claimed, so that many that wait for a window cost nothing. Asked every time the outbox looks: from memory only.
   */
  pausedUntil?(aspect: Aspect): number;
  /**
   * When what waits will be through (epoch ms), by its aspect, as far as the dialer's own limits decide it; null: not within
   * sight. From memory only. (Default: nothing is known of limits)
   */
  throughAt?(rows: readonly Backlog[]): ReadonlyMap<Aspect, number | null>;
  /** When the window ends in which the dialer takes an opt-out told at this time (epoch ms both). (Default: no window) */
  optOutWindowEnd?(toldAt: number): number | undefined;
  /**
   * So long by the machine's clock the dialer may still carry out a request whose answer nobody waits for any more. A
   * process that is gone may have left one, so nobody else has its rows before. (Default: 0)
   */
  lateMs?: number;
  /** Settles rows that were submitted with this receipt. `hold`: as for `deliver`. */
  confirm?(receipt: string, rows: readonly WriteBack[], hold?: Hold): Promise<DeliveryAnswers>;
  /** When the dialer can be asked about receipts again (epoch ms), 0: now. As `pausedUntil`. (Default: always) */
  confirmPausedUntil?(): number;
  /** Campaigns whose mapping the dialer itself contradicts; their write-backs wait. */
  reviewCampaigns?(): Promise<readonly CampaignHold[]>;
  /**
   * Reads one page of leads. An empty cursor begins anew; a cursor from an earlier page goes on after it. (Default pace:
   * gentle)
   */
  readLeads?(cursor: string, signal: AbortSignal, pace?: ReadPace): Promise<LeadPage>;
  /**
   * What a request of a script means: names that were not filled in are left out, `number` is the customer's, and an
   * outcome in headers that came back is in `X-outcome`, `X-summary` and `X-callback_at`. (Default: as it came)
   */
  readRequest?(variables: Variables): Variables;
  /** Campaigns whose calls reach the AI by a public number (E.164) and may lose their headers on the way. From memory. */
  campaignsHandingTo?(number: string): readonly string[];
  /**
   * Reads a call out of foreign variables (an IVR request, SIP headers that came back, an agent's tool call). Pure and
   * fast. Null when they name no call of this dialer.
   */
  recogniseCall?(variables: Variables): CallSighting | null;
  /**
   * The same, asking the dialer within the signal's time: for variables that name no call by themselves, or one that may
   * go on under another name. Null when none, or more than one, can be meant.
   */
  findCall?(variables: Variables, signal: AbortSignal): Promise<CallSighting | null>;
  /** The lead of a call when the connector holds it in memory, read a short time ago. At once, from nowhere else. */
  heldLead?(sighting: CallSighting): Lead | null;
  /** Looks the lead of a call up in the dialer itself, within the signal's time. */
  findLead?(sighting: CallSighting, signal: AbortSignal): Promise<Lead | null>;
  /** What the dialer holds now of what these write-backs want: for reconciliation, and for the eye of an operator. */
  look?(rows: readonly WriteBack[], signal?: AbortSignal): Promise<ReadonlyMap<string, HeldState>>;
  /** What the dialer's own records say of a call that is over. Null when it has none, or not yet. */
  readLegRecord?(leg: Leg, signal?: AbortSignal): Promise<LegRecord | null>;
  /**
   * Leads that must not be dialled by somebody else either, by their keys, with the reason in this dialer's words: a
   * do-not-call list, a call that goes on, a status that is not dialled. Those that are missing may be. Each lead is handed
   * over in the campaign that counts for its call.
   */
  whyNotDialled?(leads: readonly Lead[]): Promise<ReadonlyMap<string, string>>;
  control?: LiveCallControl;
  /** How its campaigns dial, and how many calls were dropped lately. For a person who asks: it may read for seconds. */
  dialFigures?(signal?: AbortSignal): Promise<readonly DialFigures[]>;
  /** Where the dialer gives calls to the AI by lines of its own. (Default: its scripts ask for each call's route) */
  lines?: LineControl;
  /** Made anew for each run of the doctor. */
  view?(): ViewReader<DialerView>;
  testCalls?: TestCalls;
  softphone?(campaign: string): SoftphoneAccount;
}

/** What a dialer's record holds beside what a write-back wants. `held` is its value in the dialer's words. */
export type HeldState =
  | { kind: 'as-wanted'; held: string }
  /** It lacks what was written, and nobody has touched it since: writing again is safe. */
  | { kind: 'lost'; held: string }
  /** Somebody set it after us. */
  | { kind: 'moved-on'; held: string; by: string; at: Instant }
  /** `held`: what it shows, where only who set it can't be told. `askAgainAt`: from when on it takes the question again. */
  | { kind: 'unknown'; why: string; held?: string; askAgainAt?: Instant };

export interface LegRecord {
  answeredAt?: Instant;
  endedAt?: Instant;
  /** Where the dialer's recordings of the call are. */
  recordingUrls: readonly string[];
}

export interface CampaignHold {
  campaign: string;
  why: string;
  hint: string;
}

/**
 * Acts on a call that is going on. Each order is harmless twice: a dialer that no longer has the call on the AI's line
 * says whether the order was carried out before (`done`) or the customer was gone first (`over`). A thrown
 * ConnectorError that is `inDoubt` may have taken effect: `look` tells.
 */
export interface LiveCallControl {
  hangUp(leg: Leg, result: CallResult): Promise<ControlAnswer>;
  /** Hands the customer to people. `to`: a target of the campaign's `transfers`; empty for the dialer's default. */
  transfer(leg: Leg, to: string, result: CallResult): Promise<ControlAnswer>;
  /** What became of an order whose answer was lost. `here`: the AI's line has the call still. */
  look(leg: Leg, result: CallResult): Promise<'here' | 'done' | 'over'>;
  /** How long after the platform's end of a call the dialer may still hold it, before it is hung up there. 0: for ever. */
  hangUpLeftOverSec: number;
  /** The calls that AI lines have now, by a name of each. */
  liveCalls(): Promise<readonly CallRef[]>;
}

/** What the dialer's records shall say of a call that it lets go. `disposition` is empty when the outcome maps to none. */
export interface CallResult {
  outcome: string;
  disposition: string;
  callbackAt?: Instant;
}

export type ControlAnswer = { kind: 'done' } | { kind: 'over' } | { kind: 'refused'; why: string; hint: string };

export type DialerConnector<Config extends DialerSettings> = ConnectorFactory<Config, Dialer>;
