import type { CallSighting, Leg } from './call.ts';
import type { ConnectorFactory, Contributions, Variables } from './connector.ts';
import type { DeliveryAnswers } from './delivery.ts';
import type { Lead, LeadPage } from './lead.ts';
import type { DialerSettings } from './settings.ts';
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
   */
  deliver(rows: readonly WriteBack[]): Promise<DeliveryAnswers>;
  /** Settles rows that were submitted with this receipt. */
  confirm?(receipt: string, rows: readonly WriteBack[]): Promise<DeliveryAnswers>;
  /** Campaigns whose mapping the dialer itself contradicts; their write-backs wait. */
  reviewCampaigns?(): Promise<readonly CampaignHold[]>;
  /** Reads one page of leads. An empty cursor begins anew; a cursor from an earlier page goes on after it. */
  readLeads?(cursor: string, signal: AbortSignal): Promise<LeadPage>;
  /**
   * Reads a call out of foreign variables (an IVR request, SIP headers that came back, an agent's tool call). Pure and
   * fast. Null when they name no call of this dialer.
   */
  recogniseCall?(variables: Variables): CallSighting | null;
  /** Looks the lead of a call up in the dialer itself, within the signal's time. */
  findLead?(sighting: CallSighting, signal: AbortSignal): Promise<Lead | null>;
  control?: LiveCallControl;
}

export interface CampaignHold {
  campaign: string;
  why: string;
  hint: string;
}

/** Acts on a call that is going on. */
export interface LiveCallControl {
  hangUp(leg: Leg, disposition: string): Promise<ControlAnswer>;
  transfer(leg: Leg, to: string, disposition: string): Promise<ControlAnswer>;
}

export type ControlAnswer = { kind: 'done' } | { kind: 'over' } | { kind: 'refused'; why: string; hint: string };

export type DialerConnector<Config extends DialerSettings> = ConnectorFactory<Config, Dialer>;
