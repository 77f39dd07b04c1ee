import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { Five9 } from '../five9.ts';
import type { FoundRow } from '../read/find-contact.ts';
import { type Answers, answerAll, notYet } from './answers.ts';
import type { RowOf } from './deliver.ts';
import { gather, packImports, submitImport } from './imports.ts';
import { agentWasFaster, bearsAnyMark, holdsDisposition, watchesAgents } from './judge-contact.ts';
import { prepareRows } from './prepare-rows.ts';
import { waitForLostImport } from './wait-for-lost-import.ts';

type Row = RowOf<'disposition'>;

const callbackLookMs = 3000;
const callbackPatienceMs = 600_000;

/** Writes dispositions into the records of the campaigns' lists, one import per campaign. */
export async function deliverDispositions(five9: Five9, answers: Answers, rows: readonly Row[]): Promise<void> {
  for (const [campaign, group] of Map.groupBy(rows, (row) => row.target.campaign)) {
    if (!campaign) {
      answerAll(answers, group, {
        kind: 'refused',
        why: 'the call named no campaign, and Five9 keeps dispositions per campaign',
        hint: 'Send `campaign` (Call.campaign_name) with the register query of the IVR script.',
      });
      continue;
    }
    const wait = gather(five9, group);
    if (wait) answerAll(answers, group, wait);
    else await deliverCampaign(five9, answers, campaign, group);
  }
}

async function deliverCampaign(five9: Five9, answers: Answers, campaign: string, rows: readonly Row[]): Promise<void> {
  const { config, deps, memory } = five9;
  const readsBack = (row: Row) =>
    row.inDoubt &&
    !deps.ignoresIdempotency &&
    Boolean(config.fields.lastDisposition && config.fields.lastDispositionAt);
  const needsFields = (row: Row) => watchesAgents(five9) || readsBack(row) || waitsForMark(five9, row);

  const found = await prepareRows(five9, answers, rows, needsFields, (row, { contact }): DeliveryAnswer | null => {
    const overtaken = agentWasFaster(five9, row, contact);
    if (overtaken) return overtaken;
    if (waitsForCallback(five9, row, contact)) {
      return notYet(five9, callbackLookMs, 'waits for the callback of the same call, which resets the disposition');
    }
    if (!readsBack(row)) return null;
    if (!holdsDisposition(five9, row, row.desired.disposition, contact)) return waitForLostImport(five9, row);
    memory.doubts.delete(row.id);
    return { kind: 'done', note: 'the contact shows the disposition' };
  });

  const columns = [{ field: config.keyField, isKey: true }];
  for (const pack of packImports(found, config.batch.rows)) {
    await submitImport(five9, answers, 'disp', pack, (lines) =>
      five9.api.updateDispositions(campaign, columns, lines.map(lineOf)),
    );
  }
}

function lineOf({ row, key }: FoundRow): string[] {
  return [key, row.desired.aspect === 'disposition' ? row.desired.disposition : ''];
}

/** A callback of the same call is planned on this dialer: a mirrored write has none. */
function hasCallback({ config }: Five9, row: Row): boolean {
  const isCallback = row.desired.outcome === 'callback' && row.desired.callbackAt !== undefined;
  return isCallback && config.callbackList !== undefined && row.target.callKey !== '';
}

function waitsForMark(five9: Five9, row: Row): boolean {
  return hasCallback(five9, row) && five9.config.fields.callbackMark !== undefined;
}

/** Not for ever: a callback that Five9 refuses, or that died on the way, never leaves its mark. */
function waitsForCallback(five9: Five9, row: Row, contact: FoundRow['contact']): boolean {
  if (!hasCallback(five9, row)) return false;
  const now = five9.deps.clock.now();
  const openSince = five9.memory.openCallbacks.get(row.correlationId);
  if (openSince !== undefined) return now < openSince + callbackPatienceMs;
  const isPatient = now < Date.parse(row.createdAt) + callbackPatienceMs;
  return isPatient && waitsForMark(five9, row) && !bearsAnyMark(five9, row, contact);
}
