import type { AuditEntry } from '../domain/audit.ts';
import type { Clock } from '../domain/clock.ts';
import type { ReloadPreview } from '../domain/reload.ts';
import type { Role } from '../domain/roles.ts';
import type { Deps } from '../flows/deps.ts';
import type { DoctorDesk } from '../flows/doctor/doctor-desk.ts';
import type { SyncDesk } from '../flows/run-sync.ts';
import type { RunbookShelf } from '../flows/setup/runbook-shelf.ts';

/** What the console works with besides what every flow has. */
export interface ConsoleDeps extends Deps {
  console: ConsoleSettings;
  /** The machine's clock: sessions are about people at browsers, however fast the time of a demo runs. */
  wallClock: Pick<Clock, 'now'>;
  /** The whole set-up, as the doctor and the set-up see it; null where the service runs without its command line. */
  site: ConsoleSite | null;
  /** Begins lead syncs; null where no service runs. */
  sync: SyncDesk | null;
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
  doctor: DoctorDesk;
  runbook: RunbookShelf;
  /** Reads the file anew, and compares it with what this process runs with. */
  previewReload(): Promise<ReloadPreview>;
}

export type Audit = Omit<AuditEntry, 'at' | 'by'>;
