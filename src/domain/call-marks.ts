/** What calls are searched and counted by, besides what a leg says; a pure function of a call's facts. */
export interface CallMarks {
  /** The AI agent that spoke, as its platform names it; empty when nobody told. */
  agent: string;
  /** As it was configured when the call was registered. */
  agentVersion: string;
  /** The human agent who dispositioned it last, as the dialer names them. */
  person: string;
  /** How long the AI spoke with the customer, in seconds. */
  talkSec: number;
  /** From the answer to the AI's first word; null where that was not measured. */
  firstWordMs: number | null;
  /** Handed to people. */
  isTransferred: boolean;
}

/** Upper ends of the steps in which first words are counted, in milliseconds; the last one has none. */
export const firstWordSteps = [250, 500, 750, 1000, 1250, 1500, 2000, 2500, 3000, 4000, 5000, 8000, 13_000] as const;

/** How many calls of one kind were registered within an hour. */
export interface CallCount {
  /** When the hour began. */
  hour: string;
  dialer: string;
  campaign: string;
  agent: string;
  agentVersion: string;
  /** Empty: no outcome yet. */
  outcome: string;
  calls: number;
  transferred: number;
  talkSec: number;
  /** One more than `firstWordSteps` has: how many fell into each. */
  firstWords: readonly number[];
}
