import { type AttentionKind, attentionKinds } from './attention.ts';
import type { Instant } from './call.ts';

/** `urgent`: also at night. `normal`: within the day. */
export const alertLevels = ['urgent', 'normal'] as const;
export type AlertLevel = (typeof alertLevels)[number];

/** Conditions of the site itself, the most pressing first. What needs a person is an alert by its own kind. */
export const siteAlertKinds = [
  'failed-opt-out',
  'store-away',
  'breaker-open',
  'failed-write-back',
  'late-write-backs',
  'held-write-back',
  'link-errors',
  'quota-low',
  'sync-stalled',
  'reconciliation-stalled',
  'spool-waiting',
  'process-missing',
  'control-stands',
  'doctor-check',
  'channel-failed',
] as const;
export type SiteAlertKind = (typeof siteAlertKinds)[number];

export const alertKinds = [...attentionKinds, ...siteAlertKinds] as const;
export type AlertKind = AttentionKind | SiteAlertKind;

/** What is the same of every alert of a kind. */
export interface AlertNature {
  level: AlertLevel;
  /** How long it must hold before anybody is told: much heals by itself. */
  holdsSec: number;
  /** The page of the console that shows it, below `/console`. */
  path: string;
  meaning: string;
  advice: string;
}

const natures: Readonly<Record<SiteAlertKind, AlertNature>> = {
  'failed-opt-out': {
    level: 'urgent',
    holdsSec: 0,
    path: 'opt-outs',
    meaning: 'A dialer refused an opt-out, or it failed too often: that dialer can still call the person.',
    advice: 'See why on its page, mend it and replay the write-back, or list the number by hand.',
  },
  'store-away': {
    level: 'urgent',
    holdsSec: 120,
    path: '',
    meaning: 'The store does not answer a process. Live calls are answered from memory, events wait on its disk.',
    advice:
      'See whether the database runs, whether its disk is full, and what holds it. The spool is brought in by itself.',
  },
  'breaker-open': {
    level: 'urgent',
    holdsSec: 300,
    path: '',
    meaning: 'A dialer fails request after request: nothing is written to it for now.',
    advice: 'Run the doctor for it. It is tried again by itself, and nothing is lost.',
  },
  'failed-write-back': {
    level: 'normal',
    holdsSec: 60,
    path: 'write-backs?view=dead',
    meaning: 'Write-backs were refused by their dialer, or failed too often: they stay undone.',
    advice: 'Mend what the reason says, look at the preview, and replay them; or cancel them.',
  },
  'late-write-backs': {
    level: 'normal',
    holdsSec: 300,
    path: 'write-backs',
    meaning: 'Write-backs are due for long, though their dialer answers and nothing is paused.',
    advice: 'See whether a limit is used up, and what the log says of the dialer.',
  },
  'held-write-back': {
    level: 'normal',
    holdsSec: 300,
    path: 'write-backs?view=held',
    meaning: 'Outcomes have no disposition in the mapping of their campaign, so they wait.',
    advice: 'Map the outcome in the configuration.',
  },
  'link-errors': {
    level: 'normal',
    holdsSec: 600,
    path: '',
    meaning: 'More than a tenth of the requests between us and a system fail.',
    advice: 'The doctor and the log say why.',
  },
  'quota-low': {
    level: 'normal',
    holdsSec: 300,
    path: '',
    meaning: 'A limit of a system is nearly used up. When it is, write-backs wait for its next window.',
    advice: 'See who else uses it; let batches grow, or ask the vendor for more.',
  },
  'sync-stalled': {
    level: 'normal',
    holdsSec: 300,
    path: 'leads',
    meaning: 'Leads were not read from a dialer for long: what is known of them grows old.',
    advice: 'The leads page says why the last run was cut off.',
  },
  'reconciliation-stalled': {
    level: 'normal',
    holdsSec: 900,
    path: 'attention',
    meaning: 'Platform, dialers and our calls were not compared to the end for two days.',
    advice: 'The log says why; `patchbay reconcile` does it by hand.',
  },
  'spool-waiting': {
    level: 'normal',
    holdsSec: 600,
    path: '',
    meaning: 'Facts wait on a disk though the store answers.',
    advice: 'The log of that process says why each try fails.',
  },
  'process-missing': {
    level: 'normal',
    holdsSec: 60,
    path: '',
    meaning: 'A process of the service tells nothing any more, and did not stop in good order.',
    advice: 'See its machine and its log.',
  },
  'control-stands': {
    level: 'normal',
    holdsSec: 0,
    path: 'controls',
    meaning: 'Something that a person paused or held back stands for hours.',
    advice: 'Lift it, if it was forgotten.',
  },
  'doctor-check': {
    level: 'normal',
    holdsSec: 0,
    path: 'doctor',
    meaning: 'A check of the doctor fails, or is no longer as good as it was.',
    advice: 'The doctor says what was found, and what to change where.',
  },
  'channel-failed': {
    level: 'normal',
    holdsSec: 0,
    path: 'alerts',
    meaning: 'Alerts do not get through by one of their channels.',
    advice: 'See why on the page of alerts, mend it, and test the channel.',
  },
};

/** Somebody may be called who must not be; or calls are taken away from the AI. */
const urgentNeeds: readonly AlertKind[] = ['overdue-opt-out', 'unplaced-opt-out', 'ai-unwell'];

/** What holds for a kind. */
export function natureOf(kind: AlertKind): AlertNature {
  if (kind in natures) return natures[kind as SiteAlertKind];
  return {
    level: urgentNeeds.includes(kind) ? 'urgent' : 'normal',
    holdsSec: 0,
    path: `attention?kind=${kind}`,
    meaning: 'Something that can not be decided by itself waits for a person.',
    advice: 'Its page under Attention says what is known, and what can be done.',
  };
}

/** A condition that holds now, free of personal data. */
export interface AlertSign {
  kind: AlertKind;
  /** Which of its kind: an instance, a check … Empty where there is one only. */
  key: string;
  /** How many things it is about. */
  size: number;
  words: string;
}

/** A condition from its beginning to its end, and who was told of it. */
export interface Alert extends AlertSign {
  id: string;
  level: AlertLevel;
  firstAt: Instant;
  /** When it was seen last. */
  lastAt: Instant;
  /** Null while it holds. */
  endedAt: Instant | null;
  /** It ended, and all who were told of it were told that, too. */
  isClosed: boolean;
  /** By channel; who was told of its end is taken out. */
  told: Readonly<Record<string, Told>>;
  /** Who takes care of it; empty: nobody yet. */
  ackedBy: string;
  ackedAt: Instant | null;
}

/** What a channel was told of an alert last. */
export interface Told {
  at: Instant;
  size: number;
  isEscalated: boolean;
}
