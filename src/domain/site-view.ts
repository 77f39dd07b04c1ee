/**
 * What a dialer itself holds of the way to the AI, read once in a run of the doctor: checks across systems compare it with
 * what the platform holds.
 */
export interface DialerView {
  routes: readonly AiRoute[];
}

/** One way on which a campaign's calls reach the AI. */
export interface AiRoute {
  campaign: string;
  /** Where it is entered, in the dialer's words: `remote agent 5565, External Extension`. */
  where: string;
  /** What is dialled, as E.164; empty when it can't be told. */
  number: string;
  /** SIP server that the dialer sends the call to; empty where that is not the dialer's to say. */
  sipHost: string;
  transport: 'udp' | 'tcp' | 'tls' | 'trunk' | 'unknown';
  /** Names of the `X-` headers that are sent as it is entered; null when that can't be told. */
  headers: readonly string[] | null;
  /** Most calls at once; null when that can't be told. */
  lines: number | null;
  /** Where `lines` is null: the setting by which the site can say it. */
  linesSetting?: string;
  isActive: boolean;
}

/** What a platform holds of the way from the dialers to its agents. */
export interface PlatformView {
  agents: readonly AgentView[];
  numbers: readonly PlatformNumber[];
  /** Calls at once that it takes; null when nobody said. */
  concurrency: number | null;
  /** Its SIP server. */
  sipHost: string;
}

export interface PlatformNumber {
  /** E.164. */
  number: string;
  isActive: boolean;
  /** Agent that answers; empty for none. */
  agentId: string;
  /** Where the platform sends calls of its own: the customer's carrier. */
  terminationUri: string;
}

export interface AgentView {
  agentId: string;
  name: string;
  /** Null when the platform does not say. */
  isPublished: boolean | null;
  /** Names of variables that prompt, greeting and tools use. */
  variables: readonly string[];
  /** Outcome codes that its own settings name (analysis, tools); null when it names none and may commit any. */
  outcomes: readonly string[] | null;
}

/** A view, and the checks of the same instance without which it can't be read. */
export interface ViewReader<View> {
  needs: readonly string[];
  /** May throw a ConnectorError; checks that ask for the view are `unknown` then. */
  read(): Promise<View>;
}
