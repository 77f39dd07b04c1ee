import type { CallDescription } from '../../../src/domain/connector.ts';
import { correlationRef } from '../../../src/domain/connector.ts';
import { callPages } from '../api/call-pages.ts';
import type { CallRecord } from '../api/calls.ts';
import { isOver } from '../api/states.ts';
import { type CampaignBook, readBook } from './campaign-book.ts';
import type { Dialler } from './dialler.ts';

export interface CampaignProgress {
  name: string;
  /** Campaigns of the platform that it consists of. */
  batches: { name: string; status: string; rows: number; notTaken: number }[];
  /** Rows in all. */
  rows: number;
  /** Rows of which the platform has no call yet. */
  waiting: number;
  /** Calls by the platform's state. */
  states: Record<string, number>;
  /** Calls by the outcome that we hold. */
  outcomes: Record<string, number>;
  /** True when nothing more will come: every row was taken or left, and every call is over. */
  isThrough: boolean;
}

const describedAtOnce = 100;

/** How the calls under one name stand, by the platform's records matched to our calls. Null when nothing was sent. */
export async function campaignProgress(dialler: Dialler, name: string): Promise<CampaignProgress | null> {
  const book = await readBook(dialler, name);
  if (!book || book.batches.length === 0) return null;
  const batches: CampaignProgress['batches'] = [];
  for (const { name, campaignId, rows, state } of book.batches) {
    const campaign = campaignId ? await dialler.api.getCampaign(campaignId) : null;
    const status = campaign?.campaignStatus ?? (campaignId ? 'gone' : state);
    batches.push({ name, status, rows, notTaken: campaign?.errors.length ?? 0 });
  }
  const calls = await callsOf(dialler, book);
  const rows = sum(batches.map((batch) => batch.rows));
  const waiting = Math.max(0, rows - sum(batches.map(({ notTaken }) => notTaken)) - calls.length);
  const isAllSent = batches.every(({ status }) => status === 'completed' || status === 'gone');
  return {
    name,
    batches,
    rows,
    waiting,
    states: tally(calls.map(({ record }) => record.status || 'unknown')),
    outcomes: tally(calls.flatMap(({ ours }) => ours?.call.outcome?.code ?? [])),
    isThrough: (waiting === 0 || isAllSent) && calls.every(({ record }) => isOver(record)),
  };
}

interface FoundCall {
  record: CallRecord;
  ours: CallDescription | undefined;
}

/** By the campaign that the record names, else by our own note that the call belongs to this name. */
async function callsOf(dialler: Dialler, book: CampaignBook): Promise<FoundCall[]> {
  const ids = new Set(book.batches.map(({ campaignId }) => campaignId).filter(Boolean));
  const isUploaded = book.batches.some(({ state }) => state === 'file');
  const found: FoundCall[] = [];
  for await (const { rows } of callPages(dialler.api, dialler.config.callList, book.startedAt)) {
    const likely = rows.filter(({ campaign, dynamicVariables }) =>
      campaign && ids.has(campaign.campaignId) ? true : isUploaded && Boolean(dynamicVariables.correlation_id),
    );
    const ours = await describe(dialler, likely);
    for (const record of likely) {
      const own = ours.get(record.dynamicVariables.correlation_id ?? '');
      const isNamed = record.campaign !== null && ids.has(record.campaign.campaignId);
      if (isNamed || (own && belongsTo(dialler.id, book.name, own))) found.push({ record, ours: own });
    }
  }
  return found;
}

async function describe({ deps }: Dialler, records: readonly CallRecord[]): Promise<Map<string, CallDescription>> {
  const ids = [...new Set(records.map(({ dynamicVariables }) => dynamicVariables.correlation_id ?? ''))].filter(
    Boolean,
  );
  const found = new Map<string, CallDescription>();
  for (let start = 0; start < ids.length; start += describedAtOnce) {
    const refs = ids.slice(start, start + describedAtOnce).map(correlationRef);
    for (const each of await deps.describeCalls({ refs })) found.set(each.call.correlationId, each);
  }
  return found;
}

function belongsTo(platform: string, name: string, { refs }: CallDescription): boolean {
  const start = `${JSON.stringify([name]).slice(0, -1)},`;
  return refs.some(({ instance, kind, key }) => instance === platform && kind === 'dial' && key.startsWith(start));
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of [...words].sort()) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
