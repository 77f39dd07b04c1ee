import type { Call, Instant } from '../../domain/call.ts';
import { correlationRef } from '../../domain/connector.ts';
import type { WriteBack } from '../../domain/write-back.ts';
import { callOf, writeBackOf } from '../rows.ts';
import type { Session } from '../session.ts';

/**
 * Calls of a dialer that came to be within a span of time and have no outcome, oldest first. `after` names the last call
 * of the page before; `route` leaves out those that went elsewhere.
 */
export async function callsWithoutOutcome(
  session: Session,
  input: {
    dialer: string;
    route: string;
    from: Instant;
    before: Instant;
    after?: { registeredAt: Instant; correlationId: string };
    limit: number;
  },
): Promise<Call[]> {
  const { after } = input;
  const rows = await session.db
    .selectFrom('calls')
    .selectAll()
    .where('dialer', '=', input.dialer)
    .where('registered_at', '>=', after?.registeredAt ?? input.from)
    .where('registered_at', '<', input.before)
    .where((expression) =>
      after
        ? expression.or([
            expression('registered_at', '>', after.registeredAt),
            expression('correlation_id', '>', after.correlationId),
          ])
        : expression.val(true),
    )
    .where('route', '=', input.route)
    .where('outcome', 'is', null)
    .orderBy('registered_at')
    .orderBy('correlation_id')
    .limit(input.limit)
    .execute();
  return rows.map(callOf);
}

/**
 * Write-backs that a dialer confirmed within a span of time and that are still its call's last wish, in the order of
 * their confirmation. `after` names the last row of the page before.
 */
export async function confirmedWriteBacks(
  session: Session,
  input: { dialer: string; from: Instant; before: Instant; after?: { dueAt: Instant; id: string }; limit: number },
): Promise<WriteBack[]> {
  const { after } = input;
  const rows = await session.db
    .selectFrom('write_backs as row')
    .selectAll('row')
    .where('row.state', '=', 'confirmed')
    .where('row.dialer', '=', input.dialer)
    // A row that was settled is due at that time: the index of due rows finds it.
    .where('row.due_at', '>=', after?.dueAt ?? input.from)
    .where('row.due_at', '<', input.before)
    .where((expression) =>
      after
        ? expression.or([expression('row.due_at', '>', after.dueAt), expression('row.id', '>', after.id)])
        : expression.val(true),
    )
    .where((expression) =>
      expression.not(
        expression.exists(
          expression
            .selectFrom('write_backs as later')
            .select('later.id')
            .whereRef('later.correlation_id', '=', 'row.correlation_id')
            .whereRef('later.dialer', '=', 'row.dialer')
            .whereRef('later.aspect', '=', 'row.aspect')
            .whereRef('later.revision', '>', 'row.revision')
            .where('later.state', 'not in', ['superseded', 'cancelled']),
        ),
      ),
    )
    .orderBy('row.due_at')
    .orderBy('row.id')
    .limit(input.limit)
    .execute();
  return rows.map(writeBackOf);
}

/** Shells that have a name of this kind, none but our own besides, and no outcome: oldest first, with that name. */
export async function shellsNamed(
  session: Session,
  input: { kind: string; since: Instant; limit: number },
): Promise<{ call: Call; name: string }[]> {
  const rows = await session.db
    .selectFrom('calls')
    .innerJoin('call_refs', 'call_refs.correlation_id', 'calls.correlation_id')
    .selectAll('calls')
    .select('call_refs.ref_key as name')
    .where('calls.dialer', '=', '')
    .where('calls.registered_at', '>=', input.since)
    .where('calls.is_registered', '=', 0)
    .where('calls.outcome', 'is', null)
    .where('call_refs.kind', '=', input.kind)
    .where((expression) =>
      expression.not(
        expression.exists(
          expression
            .selectFrom('call_refs as other')
            .select('other.ref_key')
            .whereRef('other.correlation_id', '=', 'calls.correlation_id')
            .where('other.kind', 'not in', [input.kind, correlationRef('').kind]),
        ),
      ),
    )
    .orderBy('calls.registered_at')
    .orderBy('calls.correlation_id')
    .limit(input.limit)
    .execute();
  return rows.map(({ name, ...row }) => ({ call: callOf(row), name }));
}
