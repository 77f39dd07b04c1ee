import {
  type DeliveryAnswer,
  type DeliveryAnswers,
  type Hold,
  isOutage,
  nobodysHold,
  withDoubt,
} from '../../../src/domain/delivery.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { Desired, WriteBack } from '../../../src/domain/write-back.ts';
import { notSent } from '../api/login-guard.ts';
import { rightsPauseMs } from '../api/rights-error.ts';
import type { Vicidial } from '../vicidial.ts';
import { deliverDisposition } from './deliver-disposition.ts';
import { deliverDnc } from './deliver-dnc.ts';
import { deliverFields } from './deliver-fields.ts';
import { makeCallback } from './make-callback.ts';
import { removeCallback } from './remove-callback.ts';
import { settleDisposition } from './settle-disposition.ts';
import { findTargetLead } from './target-lead.ts';
import { watchChanges } from './watch-changes.ts';

/** Where each look is a request too. */
const leadsByApi = 4;
/** Requests without an answer, one after the other, after which the others are not sent. */
const mostSilent = 4;
/** Leads that are worked on at once over the tables: what they ask goes together, so many cost hardly more than few. */
const leadsAtOnce = 16;

/** Brings rows to VICIdial, those of one lead one after the other. */
export async function deliver(
  vicidial: Vicidial,
  rows: readonly WriteBack[],
  hold: Hold = nobodysHold,
): Promise<DeliveryAnswers> {
  return await workThrough(vicidial, hold, rows, deliverRow);
}

/** Reads back what was submitted. */
export async function confirm(
  vicidial: Vicidial,
  receipt: string,
  rows: readonly WriteBack[],
  hold: Hold = nobodysHold,
): Promise<DeliveryAnswers> {
  return await workThrough(vicidial, hold, rows, async (held, row) => {
    if (row.desired.aspect !== 'disposition') return { kind: 'done' };
    return await settleDisposition(held, receipt, row, row.desired);
  });
}

async function deliverRow(vicidial: Vicidial, row: WriteBack, group: readonly WriteBack[]): Promise<DeliveryAnswer> {
  const { desired } = row;
  switch (desired.aspect) {
    case 'disposition':
      // Nearly every row is one: it takes its turns by itself, and looks without them.
      return await deliverDisposition(vicidial, row, desired);
    case 'callback':
      return await vicidial.inTurn(() => deliverCallback(vicidial, row, desired, group));
    case 'dnc':
      return await vicidial.inTurn(() => deliverDnc(vicidial, row, desired));
    case 'fields':
      return await vicidial.inTurn(() => deliverFields(vicidial, row, desired));
  }
}

async function deliverCallback(
  vicidial: Vicidial,
  row: WriteBack,
  { at, note, overrules = '' }: Extract<Desired, { aspect: 'callback' }>,
  group: readonly WriteBack[],
): Promise<DeliveryAnswer> {
  // VICIdial holds one for a lead. What this row sent before is over: it was not given out until then.
  if (row.hasLaterCallback) return { kind: 'done', note: 'redialled' };
  const found = await findTargetLead(vicidial, row.target);
  if ('kind' in found) return found;
  return at === null
    ? await removeCallback(vicidial, row, found.leadId, group)
    : await makeCallback(vicidial, row, found.leadId, { at, note, overrules });
}

/**
 * Works on several leads at once. When the dialer turns out to be away, the rows that were not begun get the same answer
 * without a try, so that a frozen server costs one or two time-outs and not one per row.
 */
async function workThrough(
  vicidial: Vicidial,
  hold: Hold,
  rows: readonly WriteBack[],
  work: (held: Vicidial, row: WriteBack, group: readonly WriteBack[]) => Promise<DeliveryAnswer>,
): Promise<Map<string, DeliveryAnswer>> {
  const answers = new Map<string, DeliveryAnswer>();
  const lateMs = vicidial.config.settle.lateSec * 1000;
  const groups = [...Map.groupBy(rows, (row) => row.target.leadKey || row.id).values()];
  let down: ConnectorError | null = null;
  /** An error of ours in one lane ends all of them, each after its row. */
  let broken: { thrown: unknown } | undefined;
  /** Requests without an answer, one after the other. */
  let silent = 0;
  const held: Vicidial = {
    ...vicidial,
    api: vicidial.api.under(hold),
    inTurn: (each) =>
      vicidial.inTurn(async () => {
        if (down) throw down;
        return await each();
      }),
  };

  /** While the dialer is away, a request that it began before is not over either. */
  function lateMsAfter(failed: ConnectorError, row: WriteBack): number {
    return failed.inDoubt || (row.inDoubt && failed.code === 'dialer_away') ? lateMs : 0;
  }

  async function lane(): Promise<void> {
    for (let group = groups.shift(); group && !broken; group = groups.shift()) {
      let late: ConnectorError | null = null;
      for (const row of inOrder(group)) {
        const failed = down ?? late;
        if (failed) {
          answers.set(row.id, answerTo(failed, false, lateMsAfter(failed, row)));
          continue;
        }
        const { api, mayHaveChanged } = watchChanges(held.api);
        // Of several requests some may be through: what they made is read, or taken back, before anything else is written.
        const told = (answer: DeliveryAnswer) => (mayHaveChanged() ? withDoubt(answer) : answer);
        try {
          answers.set(row.id, told(await work({ ...held, api }, row, group)));
          silent = 0;
        } catch (thrown) {
          if (!(thrown instanceof ConnectorError)) {
            broken ??= { thrown };
            return;
          }
          // That people in charge hold the rest of it back is no failed try.
          const isCut = thrown.code === 'held_back' && mayHaveChanged();
          const failure = answerTo(thrown, thrown.inDoubt, lateMsAfter(thrown, row));
          answers.set(row.id, told(isCut ? { kind: 'notYet', until: row.dueAt, why: thrown.message } : failure));
          silent = thrown.code === 'dialer_away' ? silent + 1 : 0;
          if (isDown(thrown) || silent >= mostSilent) down = notSent(thrown);
          // It may write to the lead yet, and so must nothing of ours meanwhile.
          if (thrown.inDoubt) late = thrown;
        }
      }
    }
  }
  const lanes = vicidial.database ? leadsAtOnce : leadsByApi;
  await Promise.all(Array.from({ length: Math.min(lanes, groups.length) }, lane));
  if (broken) throw broken.thrown;
  return answers;
}

/** An opt-out first, the status last: it must stand when callback and fields are through. */
function inOrder(rows: readonly WriteBack[]): WriteBack[] {
  const order = ['dnc', 'callback', 'fields', 'disposition'];
  return [...rows].sort((a, b) => order.indexOf(a.aspect) - order.indexOf(b.aspect) || a.revision - b.revision);
}

/** A refused log-in, a missing server, an ended claim or a pause is everybody's; a request that ended oddly is one row's. */
function isDown(error: ConnectorError): boolean {
  return (
    error.code === 'store_away' ||
    error.code === 'held_back' ||
    (error.code === 'dialer_away' && !error.inDoubt) ||
    (error.code === 'dialer_denied' && error.afterMs !== rightsPauseMs)
  );
}

function answerTo(error: ConnectorError, inDoubt: boolean, lateMs: number): DeliveryAnswer {
  const { message: why, hint, afterMs } = error;
  if (!error.retryable) return { kind: 'refused', why, hint };
  return {
    ...{ kind: 'retry', why, hint },
    ...(afterMs !== undefined && { afterMs }),
    ...(inDoubt && { inDoubt }),
    ...(lateMs > 0 && { lateMs }),
    // A missing right is the operator's: the row that needs it is shown to them as dead.
    ...(afterMs !== rightsPauseMs && { isOutage: isOutage(error) }),
  };
}
