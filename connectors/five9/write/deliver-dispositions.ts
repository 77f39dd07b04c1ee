import type { KeepAnswers } from '../../../src/domain/delivery.ts';
import type { WriteBack, WriteBackState } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import type { FoundRow } from '../read/find-contact.ts';
import { timesInContact } from '../read/times-in-contact.ts';
import type { Contact } from '../soap/schema.ts';
import { afterCall } from './after-call.ts';
import { type Answers, answerAll, notYet } from './answers.ts';
import { mustGoInBulk } from './choose-way.ts';
import type { RowOf } from './deliver.ts';
import { gather } from './gather.ts';
import { packImports, submitImport } from './imports.ts';
import { markedAfter, watchesAgents } from './judge-contact.ts';
import { prepareRows } from './prepare-rows.ts';
import { rowsOfSameCall } from './same-call.ts';
import { shownDisposition } from './shown-disposition.ts';
import { giveWay, waitForLostImport } from './wait-for-lost-import.ts';
import { yieldToAgent } from './yield-to-agent.ts';

type Row = RowOf<'disposition'>;

const callbackLookMs = 3000;
const longestCallbackLookMs = 600_000;
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
    const over = await afterCall(five9, answers, gather(five9, answers, group));
    const free = await afterCallbacks(five9, answers, over);
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
  // All at once: a limit may keep some from being read until few are left.
  for (const row of rows) if (readsBack(row)) waitForLostImport(five9, row, isBulkInDoubt);

  const found = await prepareRows(five9, answers, rows, needsFields, async (row, found) => {
    const overtaken = await yieldToAgent(five9, found);
    if (overtaken) return overtaken;
    // A record holds one disposition per campaign.
    if (row.hasLaterCall) return giveWay(five9, row, isBulkInDoubt);
    const shown = await shownDisposition(five9, row, found.contact);
    const isShown = shown !== null && (readsBack(row) || (shown.isOfCall && countsInCall(five9, row)));
    if (isShown && !(await wasReset(five9, row, found.contact, shown.at))) {
      memory.doubts.delete(row.id);
      return { kind: 'done', note: 'the contact shows the disposition' };
    }
    return readsBack(row) ? waitForLostImport(five9, row) : null;
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
    const callback = !row.hasLaterCall && mayHaveCallback(five9, row) ? await callbackUnderWay(five9, row) : undefined;
    if (!callback) free.push(row);
    else
      answers.set(row.id, notYet(five9, waitForCallbackMs(five9, callback), 'waits for the callback of the same call'));
  }
  return free;
}

/** Its own; or, where the call ended otherwise first, one that was taken back since and may still be on its way. */
function mayHaveCallback(five9: Five9, row: Row): boolean {
  const isLater = row.revision > 1 && five9.config.callbackList !== undefined && !isMirrored(row);
  return isLater || hasCallback(five9, row);
}

async function callbackUnderWay(five9: Five9, row: Row): Promise<WriteBack | undefined> {
  return (await rowsOfSameCall(five9, row, 'callback')).find(({ state }) => underWay.includes(state));
}

/**
 * True when what the contact shows is not in the record any more: a callback of the same call has reset the script's own word
 * from before. By the callback's mark; without one by when it was through here, which a restored backup makes later.
 */
async function wasReset(five9: Five9, row: Row, contact: Contact | null, shownAt: number): Promise<boolean> {
  if (!mayHaveCallback(five9, row)) return false;
  const isThrough = ({ state, desired }: WriteBack) =>
    state === 'confirmed' && desired.aspect === 'callback' && desired.at !== null;
  const through = (await rowsOfSameCall(five9, row, 'callback')).filter(isThrough);
  // The mark was made of the same text, but in the hour that comes twice not always of the same reading of it.
  const shown = timesInContact(five9, contact, five9.config.fields.lastDispositionAt).map((time) => Date.parse(time));
  return through.some((callback) => {
    const before = markedAfter(five9, callback, contact);
    if (before === null) return shownAt < Math.floor(Date.parse(callback.settledAt ?? '') / 1000) * 1000;
    return shown.some((at) => at === before) || shown.every((at) => at < before);
  });
}

/** Many that wait for a callback which itself waits, for a limit perhaps, are not looked at again and again. */
function waitForCallbackMs({ api, deps }: Five9, { state, dueAt }: WriteBack): number {
  if (state === 'submitted') return callbackLookMs;
  const nextMs = Math.max(Date.parse(dueAt), api.openAt('asyncAddRecordsToList')) - deps.clock.now();
  return Math.min(longestCallbackLookMs, Math.max(callbackLookMs, nextMs));
}

function lineOf({ row, key }: FoundRow): string[] {
  return [key, row.desired.aspect === 'disposition' ? row.desired.disposition : ''];
}

/** Not after a callback, which resets what the script set, and not for another dialer's call. */
function countsInCall(five9: Five9, row: Row): boolean {
  return row.target.callKey !== '' && !hasCallback(five9, row) && !five9.deps.ignoresIdempotency;
}

/** Written for another dialer's call, and found by its number. A call that nobody's dialer placed names its contact. */
function isMirrored({ target }: Row): boolean {
  return target.callKey === '' && target.leadKey === '';
}

/** A callback of the same call is planned on this dialer: a mirrored write has none. */
function hasCallback({ config }: Five9, row: Row): boolean {
  const isCallback = row.desired.outcome === 'callback' && row.desired.callbackAt !== undefined;
  return isCallback && config.callbackList !== undefined && !isMirrored(row);
}
