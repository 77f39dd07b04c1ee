import type { Attention, AttentionKind } from '../../domain/attention.ts';
import type { Lead } from '../../domain/lead.ts';
import { leadOf } from '../rows.ts';
import type { Session } from '../session.ts';

/** Where our tables name a number (E.164). */
export interface HeldOfPerson {
  /** Calls of which a leg has the number, and conversations of no call that name it. */
  callIds: string[];
  leads: Lead[];
  /** About one of these calls, or naming the number. */
  attention: Pick<Attention, 'kind' | 'key' | 'details' | 'firstAt' | 'settledAt'>[];
}

/** Platforms write numbers with their country or without. */
const nationalDigits = 10;

/** Everything that is held under a number. Goes through all facts: for an operator, never for a live call. */
export async function heldOfPerson(session: Session, phone: string): Promise<HeldOfPerson> {
  const { db } = session;
  const called = await db.selectFrom('calls').select('correlation_id').where('phone', '=', phone).execute();
  // A further leg may have the number though the call is known by another one.
  const named = await db
    .selectFrom('facts')
    .select('correlation_id')
    .distinct()
    .where('body', 'like', `%"phone":${JSON.stringify(phone)}%`)
    .execute();
  // A conversation that fits no call of ours names it as the platform wrote it, in whatever it told.
  const spelled = await db
    .selectFrom('facts')
    .innerJoin('calls', 'calls.correlation_id', 'facts.correlation_id')
    .select('facts.correlation_id')
    .distinct()
    .where('calls.is_registered', '=', 0)
    .where('facts.body', 'like', `%${phone.replace(/\D/g, '').slice(-nationalDigits)}%`)
    .execute();
  const callIds = [...new Set([...called, ...named, ...spelled].map((row) => row.correlation_id))].sort();
  const leads = await db
    .selectFrom('lead_phones')
    .innerJoin('leads', (join) =>
      join.onRef('leads.dialer', '=', 'lead_phones.dialer').onRef('leads.lead_key', '=', 'lead_phones.lead_key'),
    )
    .selectAll('leads')
    .where('lead_phones.phone', '=', phone)
    .orderBy('leads.dialer')
    .orderBy('leads.lead_key')
    .execute();
  const shown = await db
    .selectFrom('attention')
    .selectAll()
    .where((expression) =>
      expression.or([
        expression('details', 'like', `%${phone}%`),
        ...(callIds.length > 0 ? [expression('correlation_id', 'in', callIds)] : []),
      ]),
    )
    .execute();
  return {
    callIds,
    leads: leads.map(leadOf),
    attention: shown.map((row) => ({
      kind: row.kind as AttentionKind,
      key: row.item_key,
      details: JSON.parse(row.details) as Record<string, string>,
      firstAt: row.first_at,
      settledAt: row.settled_at,
    })),
  };
}
