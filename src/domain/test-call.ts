import type { Instant } from './call.ts';

/** How a dialer has one number called for a test, and what it tells of it. */
export interface TestCalls {
  /** Campaigns in which it can. */
  campaigns(): Promise<readonly string[]>;
  /** Puts the number up to be called next. Throws a ConnectorError that says what to do when the dialer would not call it. */
  begin(order: { campaign: string; phone: string }): Promise<TestCall>;
  /** What the dialer itself says of it now. */
  look(call: TestCall): Promise<TestCallState>;
  /** Takes back what `begin` made. Harmless twice. */
  end(call: TestCall): Promise<void>;
}

export interface TestCall {
  campaign: string;
  /** E.164. */
  phone: string;
  leadKey: string;
  begunAt: Instant;
}

/** How far it has come by the dialer's own records. `why`: in its words. `fix`: when it does not go on. */
export interface TestCallState {
  stage: 'waiting' | 'dialled' | 'answered' | 'handed-over' | 'over';
  why: string;
  fix?: string;
  /** How the dialer's record stands when it is over. */
  disposition?: string;
  /** False where only a call that the AI transfers comes back to the dialer: its script ends at the AI. */
  comesBack?: false;
}

/** A SIP account by which a softphone can reach the platform past all carriers. */
export interface SoftphoneAccount {
  server: string;
  user: string;
  /** Where the password is found; never the password itself. */
  passwordFrom: string;
  /** What to dial. */
  dial: string;
  notes: readonly string[];
}
