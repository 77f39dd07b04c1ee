import type { Instant } from '../../domain/call.ts';
import type { Aspect } from '../../domain/write-back.ts';
import { databaseClock } from '../database-clock.ts';
import { fitKey } from '../fit-key.ts';
import { type Param, prepareByIds, prepareQuery, rowsByIds } from '../prepared-query.ts';
import type { OperationContext, Session } from '../session.ts';
import type { ClaimedWriteBack, ClaimInput } from '../store.ts';
import { campaignOfTarget } from '../target-campaign.ts';
import { claimedBy, mayGo, take, takeExpired, takeWaiting } from './claim-write-backs.ts';

/** A row's place among those that are due, earliest first. */
export interface DuePlace {
  dueAt: Instant;
  id: string;
}

export interface ClaimBetweenInput extends ClaimInput {
  /** Only rows behind this place that wait. (Default: all) */
  after?: DuePlace;
}

export interface ClaimedBetween {
  rows: ClaimedWriteBack[];
  /** Up to where rows were looked at; null when there was none. */
  place: DuePlace | null;
  /** False while there may be more behind that place. */
  isThrough: boolean;
}

/** Rows that one transaction looks at: live calls wait for it. */
const pageSize = 500;

/**
 * The same as `claimWriteBacks` while something of the dialer is paused: what that is says the store itself, so that a pause
 * holds once it is committed. Goes through what is due page by page, as most of it may be paused.
 */
export async function claimBetweenPauses(
  trx: Session,
  input: ClaimBetweenInput,
  context: OperationContext,
): Promise<ClaimedBetween> {
  const { dialer, now, leaseMs, limit, aspects, after = firstPlace } = input;
  const pauses = await selectPauses.all(trx, { dialer });
  const isFree = (row: { aspect: string; campaign: string }) =>
    !pauses.some((pause) => isUnder(row.aspect, pause.aspect) && isUnder(fitKey(row.campaign), pause.campaign));
  if (pauses.some(({ campaign, aspect }) => campaign === '' && aspect === '')) {
    return { rows: [], place: null, isThrough: true };
  }
  const claim = context.newId();

  const expired = (await selectExpired.all(trx, { dialer, limit: pageSize })).filter(isFree).slice(0, limit);
  await take(trx, takeExpired, expired, { claim, leaseMs });

  const page = await selectDue.all(trx, { dialer, now, dueAt: after.dueAt, id: after.id, limit: pageSize });
  const wanted = page.filter((row) => isFree(row) && (!aspects || aspects.includes(row.aspect as Aspect)));
  const may = new Set(
    (
      await rowsByIds(
        selectMayGo,
        trx,
        wanted.map(({ id }) => id),
      )
    ).map(({ id }) => id),
  );
  const free = wanted.filter(({ id }) => may.has(id));
  const taken = free.slice(0, limit - expired.length);
  await take(trx, takeWaiting, taken, { claim, leaseMs });

  const isCut = taken.length < free.length;
  const last = isCut ? taken.at(-1) : page.at(-1);
  return {
    rows: expired.length + taken.length > 0 ? await claimedBy(trx, claim) : [],
    place: last ? { dueAt: last.due_at, id: last.id } : null,
    isThrough: !isCut && page.length < pageSize,
  };
}

/** Before every other. */
const firstPlace: DuePlace = { dueAt: '', id: '' };

function isUnder(value: string, scope: string): boolean {
  return scope === '' || scope === value;
}

const selectPauses = prepareQuery((db, param: Param<{ dialer: string }>) =>
  db
    .selectFrom('controls')
    .select(['campaign', 'aspect'])
    .where('kind', '=', 'pause')
    .where('dialer', 'in', ['', param('dialer')]),
);

const selectExpired = prepareQuery((db, param: Param<{ dialer: string; limit: number }>, kind) =>
  db
    .selectFrom('write_backs')
    .select(['id', 'aspect', campaignOfTarget(kind).as('campaign')])
    .where('state', '=', 'claimed')
    .where('dialer', '=', param('dialer'))
    .where('claimed_until', '<=', databaseClock(kind))
    .orderBy('due_at')
    .orderBy('id')
    .limit(param('limit')),
);

interface DueValues extends Record<string, string | number> {
  dialer: string;
  now: string;
  dueAt: string;
  id: string;
  limit: number;
}

const selectDue = prepareQuery((db, param: Param<DueValues>, kind) =>
  db
    .selectFrom('write_backs')
    .select(['id', 'due_at', 'aspect', campaignOfTarget(kind).as('campaign')])
    .where('state', '=', 'pending')
    .where('dialer', '=', param('dialer'))
    .where('due_at', '<=', param('now'))
    .where('due_at', '>=', param('dueAt'))
    .where(({ eb, or }) => or([eb('due_at', '>', param('dueAt')), eb('id', '>', param('id'))]))
    .orderBy('due_at')
    .orderBy('id')
    .limit(param('limit')),
);

/** By id alone: what they are was read in the same transaction, and a database must not look for it in another way. */
const selectMayGo = prepareByIds((db, ids, kind) =>
  db.selectFrom('write_backs as row').select('row.id').where('row.id', 'in', ids).where(mayGo(kind)),
);
