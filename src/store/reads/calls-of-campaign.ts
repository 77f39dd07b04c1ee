import type { Kysely } from 'kysely';
import type { Call, Instant } from '../../domain/call.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import { callOf } from '../rows.ts';
import type { Session } from '../session.ts';
import type { Tables } from '../tables.ts';

const maxOpenCalls = 50;

/** Registered calls of a campaign since an instant that have no outcome, newest first, at most 50. */
export async function openCalls(
  session: Session,
  input: { dialer: string; campaign: string; since: Instant },
): Promise<Call[]> {
  const rows = await selectOpen.all(session, input);
  return rows.map(callOf);
}

/** The same with those that have an outcome. */
export async function callsOfCampaign(
  session: Session,
  input: { dialer: string; campaign: string; since: Instant },
): Promise<Call[]> {
  const rows = await selectOfCampaign.all(session, input);
  return rows.map(callOf);
}

const selectOpen = prepareQuery((db, param: Param<CampaignSince>) =>
  selectCampaign(db, param).where('outcome', 'is', null),
);

const selectOfCampaign = prepareQuery(selectCampaign);

interface CampaignSince extends Record<string, string> {
  dialer: string;
  campaign: string;
  since: string;
}

function selectCampaign(db: Kysely<Tables>, param: Param<CampaignSince>) {
  return db
    .selectFrom('calls')
    .selectAll()
    .where('dialer', '=', param('dialer'))
    .where('registered_at', '>=', param('since'))
    .where('campaign', '=', param('campaign'))
    .where('is_registered', '=', 1)
    .orderBy('registered_at', 'desc')
    .limit(maxOpenCalls);
}
