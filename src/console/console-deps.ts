import type { AuditEntry } from '../domain/audit.ts';
import type { Role } from '../domain/roles.ts';
import type { Deps } from '../flows/deps.ts';
import type { Examination } from '../flows/doctor/examine-site.ts';
import type { RunOptions } from '../flows/doctor/run-checks.ts';

/** What the console works with besides what every flow has. */
export interface ConsoleDeps extends Deps {
  console: ConsoleSettings;
  /** The whole set-up, as the doctor and the set-up see it; null where the service runs without its command line. */
  site: ConsoleSite | null;
}

export interface ConsoleSettings {
  /** In which times are shown, and days begin. */
  timeZone: string;
  publicUrl: string;
  version: string;
  users: Readonly<Record<string, { passwordHash: string; role: Role }>>;
  session: { idleMin: number; maxHours: number };
  lockOut: { tries: number; minutes: number };
  oidc: OidcSettings | null;
  costs: { currency: string; perMinute: number; perCall: number };
}

export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
  label: string;
  scopes: string;
  nameClaim: string;
  roleClaim: string;
  /** Value of the claim → role; who has none of them may not come in. */
  roles: Readonly<Record<string, Role>>;
}

export interface ConsoleSite {
  examine(options: RunOptions): Promise<Examination>;
  /** Every check that there is, in the order of a run. */
  checks(): readonly { id: string; owner: string; title: string; looksAt: string }[];
  /** The set-up from top to bottom, as Markdown. Holds no secret. */
  runbook(): Promise<string>;
}

export type Audit = Omit<AuditEntry, 'at' | 'by'>;
