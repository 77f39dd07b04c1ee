import type { Letter } from '../../domain/letter.ts';

/** One way to people or their systems: see `createChannels`. */
export interface AlertChannel extends Carrier {
  id: string;
  kind: 'email' | 'slack' | 'webhook';
  /** Where it leads, without secrets and for people. */
  leadsTo: string;
}

/** What brings letters there. */
export interface Carrier {
  /** Hands a letter over, and says what became of it. Never rejects. */
  send(post: Post): Promise<Sent>;
  /** Connects, proves who we are where that is asked, and sends nothing. Never rejects. */
  reach(): Promise<Sent>;
}

export interface Post {
  /** The same for every try: by it a receiver knows a letter that comes twice. */
  id: string;
  letter: Letter;
}

export type Sent =
  | { kind: 'sent' }
  | {
      kind: 'failed';
      /** What was tried, and what came of it. Free of secrets and addresses of people. */
      why: string;
      /** What the operator can do. */
      hint: string;
      /** The receiver asks to be left alone for so long. */
      afterMs?: number;
      /** The receiver wants no more: it is not tried again. */
      isFinal?: boolean;
    };

/** As it is configured. */
export type ChannelSettings =
  | { kind: 'email'; smtp: SmtpSettings; from: string; to: readonly string[] }
  | { kind: 'slack'; url: string }
  | { kind: 'webhook'; url: string; secrets: readonly string[] };

export interface SmtpSettings {
  host: string;
  port: number;
  security: 'starttls' | 'tls' | 'none';
  caFile?: string | undefined;
  user?: string | undefined;
  password?: string | undefined;
}

/** What every channel works with. */
export interface ChannelDeps {
  /** The machine's clock: receivers judge a signature by the time of the world. */
  wallClock: { now(): number };
  /** `https://patchbay.example.com`, for links to the console. */
  publicUrl: string;
  /** In which times are told. */
  timeZone: string;
  /** How long one try may take, in milliseconds. (Default: 15 s) */
  timeoutMs?: number;
}

export const channelTimeoutMs = 15_000;
