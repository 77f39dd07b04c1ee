import type { Instant } from '../../domain/call.ts';
import { ourInstance } from '../../domain/connector.ts';
import { erasedMark } from '../../domain/erased-mark.ts';
import type { FactBody } from '../../domain/fact.ts';
import type { OperationContext, Session } from '../session.ts';
import { writeCursor } from './cursors.ts';
import { leaveHour } from './left-hours.ts';
import { replanCall } from './replan.ts';
import { lockCalls } from './resolve-call.ts';

/** Names that stay, as the evidence of an opt-out has the person's name. */
const evidenceFields = ['title', 'first_name', 'middle_initial', 'last_name'];

export interface EraseCallInput {
  correlationId: string;
  /** Its names there go too. */
  platforms: readonly string[];
  /** Fields of the lead that was called: its name stays with the evidence of an opt-out. */
  names: Readonly<Record<string, string>>;
  by: string;
  now: Instant;
}

/**
 * Erases one call: wholly, or, where it told an opt-out, all but the evidence of that: the numbers, when it was told, the
 * seller, the name, and what was written of it to the DNC lists. Gives which.
 */
export async function eraseCall(
  trx: Session,
  input: EraseCallInput,
  context: OperationContext,
): Promise<'erased' | 'evidence kept' | 'nothing'> {
  const { correlationId: call, platforms, names, by, now } = input;
  const { db } = trx;
  const [locked] = await lockCalls(trx, [call]);
  if (!locked) return 'nothing';
  await markErased(trx, input);
  await db.deleteFrom('transcripts').where('correlation_id', '=', call).execute();
  await db.deleteFrom('attention').where('correlation_id', '=', call).execute();

  const optOut = await db.selectFrom('opt_outs').select('phone').where('correlation_id', '=', call).executeTakeFirst();
  if (!optOut) {
    await leaveHour(trx, locked);
    for (const table of ['write_backs', 'facts', 'call_refs', 'plans_to_renew', 'calls'] as const) {
      await db.deleteFrom(table).where('correlation_id', '=', call).execute();
    }
    return 'erased';
  }
  await db.deleteFrom('write_backs').where('correlation_id', '=', call).where('aspect', '!=', 'dnc').execute();
  if (platforms.length > 0) {
    await db.deleteFrom('call_refs').where('correlation_id', '=', call).where('instance', 'in', platforms).execute();
  }
  await eraseFacts(trx, call, { names, by, now });
  await replanCall(trx, call, now, context);
  return 'evidence kept';
}

/** A platform that still has its record, or tells it later, must not bring the call back. */
async function markErased(trx: Session, { correlationId, platforms, now }: EraseCallInput): Promise<void> {
  const refs = trx.db.selectFrom('call_refs').selectAll().where('correlation_id', '=', correlationId);
  for (const { instance, kind, ref_key: key } of await refs.execute()) {
    if (instance !== ourInstance && !platforms.includes(instance)) continue;
    await writeCursor(trx, { name: erasedMark({ instance, kind, key }), value: now });
  }
}

/** Leads under a number, and what was shown of it. The dialers hold theirs on. */
export async function eraseLeads(trx: Session, { phone }: { phone: string }): Promise<number> {
  const { db } = trx;
  const leads = await db.selectFrom('lead_phones').select(['dialer', 'lead_key']).where('phone', '=', phone).execute();
  for (const { dialer, lead_key } of leads) {
    for (const table of ['lead_phones', 'leads'] as const) {
      await db.deleteFrom(table).where('dialer', '=', dialer).where('lead_key', '=', lead_key).execute();
    }
  }
  await db.deleteFrom('attention').where('details', 'like', `%${phone}%`).execute();
  return leads.length;
}

/** Facts are never changed but here, where the law asks for it. */
async function eraseFacts(
  trx: Session,
  call: string,
  { names, by, now }: Pick<EraseCallInput, 'names' | 'by' | 'now'>,
): Promise<void> {
  const { db } = trx;
  for (const fact of await db.selectFrom('facts').selectAll().where('correlation_id', '=', call).execute()) {
    const kept = evidenceOf(JSON.parse(fact.body) as FactBody, names);
    const one = { source: fact.source, fact_key: fact.fact_key, copy: fact.copy };
    const where = [one.source, one.fact_key, one.copy] as const;
    if (kept) {
      await db
        .updateTable('facts')
        .set({ body: JSON.stringify(kept) })
        .where('correlation_id', '=', call)
        .where('source', '=', where[0])
        .where('fact_key', '=', where[1])
        .where('copy', '=', where[2])
        .execute();
      continue;
    }
    await db
      .deleteFrom('facts')
      .where('correlation_id', '=', call)
      .where('source', '=', where[0])
      .where('fact_key', '=', where[1])
      .where('copy', '=', where[2])
      .execute();
  }
  const body: FactBody = { kind: 'erased', by };
  await db.deleteFrom('facts').where('correlation_id', '=', call).where('fact_key', '=', 'erased').execute();
  await db
    .insertInto('facts')
    .values({
      ...{ correlation_id: call, source: 'patchbay', fact_key: 'erased', copy: '' },
      ...{ at: now, received_at: now, body: JSON.stringify(body) },
    })
    .execute();
}

/** What of a fact is evidence of the opt-out; null when nothing is. */
function evidenceOf(body: FactBody, names: EraseCallInput['names']): FactBody | null {
  switch (body.kind) {
    case 'registered': {
      const fields = Object.entries({ ...names, ...body.fields }).filter(([name]) => evidenceFields.includes(name));
      return { ...body, fields: Object.fromEntries(fields) };
    }
    case 'committed':
      return body.outcome === 'opt_out' ? { ...body, summary: '', fields: {} } : null;
    case 'analysed': {
      const { recordingUrl: _, ...rest } = body;
      return body.outcome === 'opt_out' ? { ...rest, summary: '', fields: {} } : null;
    }
    case 'dispositioned':
    case 'corrected':
      return body.outcome === 'opt_out' ? body : null;
    case 'opt-out-undone':
    case 'released':
      return body;
    default:
      return null;
  }
}
