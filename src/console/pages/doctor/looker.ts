import type { Instant } from '../../../domain/call.ts';
import type { PageClock } from '../../components/time.ts';
import { type Html, html } from '../../html.ts';

/** What a part of the page needs to know of who looks. */
export interface Looker {
  mayRun: boolean;
  clock: PageClock;
  /** The page's query, to come back to. */
  back: string;
  /** A text of a check, fit for who looks. */
  shown(text: string): string;
  isBusy: boolean;
  /** When the last run began: what was seen before it shows its time. */
  since: Instant;
}

/** What a form to run something carries. */
export function runFields(only: string, { back }: Looker): Html {
  return html`<input type="hidden" name="only" value="${only}"><input type="hidden" name="back" value="${back}">`;
}
