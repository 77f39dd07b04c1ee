import type { HeldState } from '../../domain/dialer.ts';
import type { WriteBack } from '../../domain/write-back.ts';
import type { Judgement, Seen } from './seen.ts';

/** What is wanted as this call's disposition now; null while nothing is. */
export function wantedDisposition({ call }: Pick<Seen, 'call'>): WriteBack | null {
  const rows = (call?.writeBacks ?? []).filter(
    ({ dialer, aspect }) => dialer === call?.call.dialer && aspect === 'disposition',
  );
  return rows.reduce<WriteBack | null>((last, row) => (!last || row.revision > last.revision ? row : last), null);
}

/** Whether the outcome stands in the dialer: confirmed, and seen there. */
export function judgeDisposition(seen: Seen): Judgement {
  const row = wantedDisposition(seen);
  const outcome = seen.call?.call.outcome;
  if (outcome?.basis === 'human' && (!row || row.state === 'cancelled' || row.state === 'superseded')) {
    return { status: 'done', found: `a person's disposition stands: ${outcome.code}` };
  }
  // Rows are read after the call: one may be there that the call does not know of.
  if (!outcome) return { status: 'waiting', found: 'there is no outcome yet' };
  if (!row) return { status: 'waiting', found: 'nothing is to be written yet' };
  const name = `"${row.desired.aspect === 'disposition' ? row.desired.disposition : ''}"`;
  const why = [row.why, seen.held && wordsOf(seen.held)].filter(Boolean).join('; ');
  switch (row.state) {
    case 'held': {
      const found = `held back: ${row.why || 'the outcome maps to no disposition of this campaign'}`;
      const fix = row.hint || `Give it one under campaigns.${row.target.campaign}.dispositions of this dialer.`;
      return { status: 'failed', found, fix, endsTest: true };
    }
    case 'refused':
    case 'dead': {
      const fix = row.hint || 'Mend it, then `npx patchbay replay`.';
      return { status: 'failed', found: `${row.state}: ${name} (${why})`, fix, endsTest: true };
    }
    case 'shadow': {
      const fix = `Raise its stage: npx patchbay stage --dialer ${row.dialer} --campaign "${row.target.campaign}" 100 --why "…".`;
      return { status: 'failed', found: `${name} is only shown: the campaign runs in shadow`, fix, endsTest: true };
    }
    case 'confirmed':
      return judgeConfirmed(seen, name);
    default:
      return {
        status: 'waiting',
        found: `${name} is ${row.state}, due ${row.dueAt}${why && ` (${why})`}`,
        ...(row.hint && { fix: row.hint }),
      };
  }
}

function judgeConfirmed({ held, canLook }: Seen, name: string): Judgement {
  if (!canLook) return { status: 'done', found: `${name} confirmed; this dialer can't be looked at` };
  if (!held) return { status: 'waiting', found: `${name} confirmed, not looked at yet` };
  switch (held.kind) {
    case 'as-wanted':
      return { status: 'done', found: `${name} confirmed, and the dialer holds ${held.held || 'it'}` };
    case 'moved-on': {
      const fix = 'Find out who sets it: an end-of-call status of the dialer, or a person.';
      return { status: 'failed', found: `${name} was written; ${wordsOf(held)}`, fix, endsTest: true };
    }
    default:
      return { status: 'waiting', found: `${name} confirmed; ${wordsOf(held)}` };
  }
}

function wordsOf(held: HeldState): string {
  switch (held.kind) {
    case 'as-wanted':
      return `the dialer holds ${held.held}`;
    case 'lost':
      return `the dialer holds ${held.held || 'nothing'} instead`;
    case 'moved-on':
      return `the dialer holds ${held.held} since, set by ${held.by}`;
    case 'unknown':
      return `what the dialer holds can't be told: ${held.why}`;
  }
}
