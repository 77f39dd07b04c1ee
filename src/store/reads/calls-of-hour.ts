import type { Instant } from '../../domain/call.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';

/** A call as counting needs it. */
export interface HourCall {
  registeredAt: Instant;
  reason: string;
  /** The AI spoke. */
  isWithAi: boolean;
  talkSec: number;
}

const most = 50_000;

/** The calls of a campaign that were registered within an hour or so, oldest first. */
export async function callsOfHour(
  session: Session,
  input: { dialer: string; campaign: string; from: Instant; before: Instant },
): Promise<HourCall[]> {
  const rows = await select.all(session, input);
  return rows.map(({ registered_at, reason, agent, talk_sec }) => ({
    registeredAt: registered_at,
    reason,
    isWithAi: agent !== '' || talk_sec > 0,
    talkSec: talk_sec,
  }));
}

interface HourOfCampaign extends Record<string, string> {
  dialer: string;
  campaign: string;
  from: string;
  before: string;
}

const select = prepareQuery((db, param: Param<HourOfCampaign>) =>
  db
    .selectFrom('calls')
    .select(['registered_at', 'reason', 'agent', 'talk_sec'])
    .where('dialer', '=', param('dialer'))
    .where('registered_at', '>=', param('from'))
    .where('registered_at', '<', param('before'))
    .where('campaign', '=', param('campaign'))
    .where('is_registered', '=', 1)
    .orderBy('registered_at')
    .limit(most),
);
