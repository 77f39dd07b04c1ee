import { correlationRef } from '../../../src/domain/connector.ts';
import type { DeliveryAnswer, KeepAnswers } from '../../../src/domain/delivery.ts';
import type { WriteBackState } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import type { FoundRow } from '../read/find-contact.ts';
import { type Answers, answerAll, notYet } from './answers.ts';
import { mustGoInBulk } from './choose-way.ts';
import type { RowOf } from './deliver.ts';
import { gather } from './gather.ts';
import { packImports, submitImport } from './imports.ts';
import { agentWasFaster, holdsDisposition, watchesAgents } from './judge-contact.ts';
import { prepareRows } from './prepare-rows.ts';
import { waitForLostImport } from './wait-for-lost-import.ts';

type Row = RowOf<'disposition'>;

const callbackLookMs = 3000;
/** A callback in one of these is still on its way. */
const underWay: readonly WriteBackState[] = ['pending', 'claimed', 'submitted'];

/** Writes dispositions into the records of the campaigns' lists, in imports per campaign. */
export async function deliverDispositions(
  five9: Five9,
  answers: Answers,
  rows: readonly Row[],
  keep: KeepAnswers,
): Promise<void> {
  for (const [campaign, group] of Map.groupBy(rows, (row) => row.target.campaign)) {
    if (!campaign) {
      answerAll(answers, group, {
        kind: 'refused',
        why: 'the call named no campaign, and Five9 keeps dispositions per campaign',
        hint: 'Send `campaign` (Call.campaign_name) with the register query of the IVR script.',
      });
      continue;
    }
    const free = await afterCallbacks(five9, answers, gather(five9, answers, group));
    await deliverCampaign(five9, answers, campaign, free, keep);
  }
}

async function deliverCampaign(
  five9: Five9,
  answers: Answers,
  campaign: string,
  rows: readonly Row[],
  keep: KeepAnswers,
): Promise<void> {
  const { config, deps, memory } = five9;
  const readsBack = (row: Row) =>
    row.inDoubt &&
    !deps.ignoresIdempotency &&
    Boolean(config.fields.lastDisposition && config.fields.lastDispositionAt);
  const isBulkInDoubt = rows.filter(({ inDoubt }) => inDoubt).length >= config.batch.bulkFrom;
  const needsFields = (row: Row) => watchesAgents(five9) || readsBack(row);

  const found = await prepareRows(five9, answers, rows, needsFields, (row, { contact }): DeliveryAnswer | null => {
    const overtaken = agentWasFaster(five9, row, contact);
    if (overtaken) return overtaken;
    const isShown = holdsDisposition(five9, row, row.desired.disposition, contact);
    if (isShown && (readsBack(row) || wasSetInCall(five9, row))) {
      memory.doubts.delete(row.id);
      return { kind: 'done', note: 'the contact shows the disposition' };
    }
    return readsBack(row) ? waitForLostImport(five9, row, isBulkInDoubt) : null;
  });

  for (const [field, group] of Map.groupBy(found, ({ keyField }) => keyField)) {
    const columns = [{ field, isKey: true }];
    for (const pack of packImports(config.batch, group, memory.doubtSizes)) {
      const isBulk = pack.isBulk || mustGoInBulk(five9, 'asyncUpdateCampaignDispositions', 'updateDispositions');
      await submitImport(five9, answers, pack.rows, {
        kind: 'disp',
        isTold: isBulk && config.imports.callback !== undefined,
        keep,
        send: (lines) => five9.imports.updateDispositions(campaign, columns, lines.map(lineOf), isBulk),
      });
    }
  }
}

/** Scheduling a callback resets the record's disposition: the one of the same call comes after it, however long that takes. */
async function afterCallbacks(five9: Five9, answers: Answers, rows: readonly Row[]): Promise<Row[]> {
  const free: Row[] = [];
  for (const row of rows) {
    if (!mayHaveCallback(five9, row) || !(await isCallbackUnderWay(five9, row))) free.push(row);
    else answers.set(row.id, notYet(five9, callbackLookMs, 'waits for the callback of the same call'));
  }
  return free;
}

/** Its own; or, where the call ended otherwise first, one that was taken back since and may still be on its way. */
function mayHaveCallback(five9: Five9, row: Row): boolean {
  const isLater = row.revision > 1 && five9.config.callbackList !== undefined && row.target.callKey !== '';
  return isLater || hasCallback(five9, row);
}

async function isCallbackUnderWay({ id, deps }: Five9, { correlationId }: Row): Promise<boolean> {
  const calls = await deps.describeCalls({ refs: [correlationRef(correlationId)] });
  return calls.some(({ writeBacks }) =>
    writeBacks.some(({ dialer, aspect, state }) => dialer === id && aspect === 'callback' && underWay.includes(state)),
  );
}

function lineOf({ row, key }: FoundRow): string[] {
  return [key, row.desired.aspect === 'disposition' ? row.desired.disposition : ''];
}

/**
 * What the contact shows can only be the word of the call itself: the script hung up with it. Not after a callback, which
 * resets the record, and not for another dialer's call.
 */
function wasSetInCall(five9: Five9, row: Row): boolean {
  return row.target.callKey !== '' && !hasCallback(five9, row) && !five9.deps.ignoresIdempotency;
}

/** A callback of the same call is planned on this dialer: a mirrored write has none. */
function hasCallback({ config }: Five9, row: Row): boolean {
  const isCallback = row.desired.outcome === 'callback' && row.desired.callbackAt !== undefined;
  return isCallback && config.callbackList !== undefined && row.target.callKey !== '';
}
