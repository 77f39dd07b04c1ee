import { writeFile } from 'node:fs/promises';
import { instantOf } from '../../../src/domain/clock.ts';
import type { DialClaim, DialRequest, DialResult } from '../../../src/domain/dialling.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { Lead } from '../../../src/domain/lead.ts';
import type { HeldLease } from '../../../src/domain/lease.ts';
import type { CampaignSchedule } from '../api/campaigns.ts';
import { singleCall } from './call-lead.ts';
import { type Batch, type CampaignBook, openBatch, readBook, settleBatches, writeBook } from './campaign-book.ts';
import { campaignFile, type FileRow } from './campaign-file.ts';
import type { Dialler } from './dialler.ts';
import { callVariables, type DialWish, dialTime } from './wish.ts';

export interface CampaignWish extends DialWish {
  list: string;
  concurrency: number;
  schedule: CampaignSchedule | null;
  /** At most so many leads. */
  limit: number;
  /** Only looks who would be called. */
  isTrial: boolean;
  /** A file to write instead of sending. */
  file: string;
}

export interface CampaignResult {
  /** Rows that were sent, written, or would be. */
  rows: number;
  /** Leads that were called under this name before. */
  before: number;
  /** Of these nobody knows whether they were called, so they are not. */
  unsure: number;
  /** Leads that may not be called, by the reason. */
  refused: Record<string, number>;
  /** The campaign of the platform that has the rows. */
  batch: string;
  campaignId: string;
  /** Rows that the platform did not take, in its words, without numbers. */
  errors: string[];
}

const leadsAtOnce = 200;

/**
 * Sends the leads of a list that were not called under this name yet, as one campaign of the platform.
 *
 * @param lease on the name: once it is lost, nothing more is sent
 */
export async function sendCampaign(dialler: Dialler, wish: CampaignWish, lease: HeldLease): Promise<CampaignResult> {
  const { clock } = dialler.deps;
  const book = (await readBook(dialler, wish.name)) ?? { name: wish.name, startedAt: instantOf(clock), batches: [] };
  if (!wish.isTrial) await settleBatches(dialler, book, lease);
  const batch = openBatch(dialler, book);
  if (!wish.isTrial && !wish.file && (await dialler.api.findCampaign(batch.name)))
    throw nameTaken(batch.name, wish.name);

  const { claimed, ...counts } = await gather(dialler, wish, book, batch);
  if (!wish.isTrial) await leaveOutOptedOut(dialler, claimed, counts.refused);
  const rows = claimed.length;
  const result: CampaignResult = { ...counts, rows, batch: batch.name, campaignId: '', errors: [] };
  if (wish.isTrial) return result;
  if (rows === 0) return { ...result, batch: '' };
  if (!lease.isOurs()) throw leaseLost(wish.name);
  Object.assign(batch, { state: wish.file ? 'file' : 'sending', rows, at: instantOf(clock) });
  const keep = () => writeBook(dialler, { ...book, batches: [...book.batches, batch] }, lease);
  // Before anything is sent: whoever finds a claim of a batch that is not in the book knows that it was not.
  await keep();

  const csv = campaignFile(claimed, dialler.config.dialling.phoneColumn);
  const sent = await send(dialler, wish, batch, csv).catch(async (error: unknown) => {
    // What is in doubt stays in the book: the next run looks for it.
    if (!(error instanceof ConnectorError) || error.inDoubt) throw error;
    await settle(dialler, claimed, { isPlaced: false, why: error.message });
    await writeBook(dialler, book, lease);
    throw error;
  });
  await keep();
  await settle(dialler, claimed, { isPlaced: true });
  return { ...result, ...sent };
}

function leaseLost(name: string): ConnectorError {
  return new ConnectorError('store_away', `the campaign "${name}" was not sent: the store was away for too long`, {
    retryable: true,
    hint: 'Run the command again: who was not called yet is called then.',
  });
}

/** Afterwards nobody could tell it from ours. It may be ours, too, and have shown very late: then no other may be made. */
function nameTaken(name: string, ownName: string): ConnectorError {
  return new ConnectorError('bad_request', `SigmaMind has a campaign "${name}" that is not noted here`, {
    hint:
      name === ownName
        ? 'Give another name with --name.'
        : `See in the dashboard whom it calls; rename or delete it if that is not this list. Another --name would call all leads of "${ownName}" again.`,
  });
}

type Claimed = FileRow & Pick<DialResult, 'correlationId' | 'attempt'> & { lead: Lead };
type Gathered = Pick<CampaignResult, 'before' | 'unsure' | 'refused'> & { claimed: Claimed[] };

/** Goes through the list until so many leads are claimed as were asked for. */
async function gather(dialler: Dialler, wish: CampaignWish, book: CampaignBook, batch: Batch): Promise<Gathered> {
  const { dialling } = dialler.deps;
  const { dialer, list, name: purpose, campaign, from: callerId, agentId: agent } = wish;
  const gathered: Gathered = { claimed: [], before: 0, unsure: 0, refused: {} };
  const at = dialTime(dialler, wish.schedule);
  for (let after = ''; ; ) {
    const limit = Math.min(leadsAtOnce, wish.limit - gathered.claimed.length);
    const leads = limit > 0 ? await dialling.leadsOfList({ dialer, list, after, limit }) : [];
    if (leads.length === 0) return gathered;
    after = leads.at(-1)?.key ?? '';
    const requests = leads.map(
      (lead): DialRequest => ({ lead, purpose, campaign, batch: batch.name, at, callerId, agent }),
    );
    const claims = wish.isTrial ? await dialling.judge(requests) : await claim(dialler, requests, book);
    for (const [index, each] of claims.entries()) count(dialler, gathered, requests[index], each);
  }
}

/** Those in doubt whose batch the platform does not have were not called: they are claimed anew. */
async function claim(dialler: Dialler, requests: readonly DialRequest[], book: CampaignBook): Promise<DialClaim[]> {
  const { dialling } = dialler.deps;
  const claims = await dialling.claim(requests);
  const results: DialResult[] = [];
  const again: number[] = [];
  for (const [index, each] of claims.entries()) {
    // A single call's doubt is settled by its own command.
    if (each.kind !== 'in-doubt' || each.batch === singleCall) continue;
    const isPlaced = book.batches.some(({ name }) => name === each.batch);
    const { correlationId, attempt } = each;
    results.push({ correlationId, attempt, isPlaced, ...(!isPlaced && { why: 'the platform has no such campaign' }) });
    if (isPlaced) claims[index] = { kind: 'dialled', correlationId };
    else again.push(index);
  }
  await dialling.settle(results);
  if (again.length === 0) return claims;
  const anew = await dialling.claim(again.flatMap((index) => requests[index] ?? []));
  for (const [place, index] of again.entries()) claims[index] = anew[place] ?? claims[index] ?? none;
  return claims;
}

const none: DialClaim = { kind: 'refused', reason: 'not_judged' };

function count(dialler: Dialler, gathered: Gathered, request: DialRequest | undefined, claim: DialClaim): void {
  if (!request) return;
  if (claim.kind === 'dialled') gathered.before += 1;
  else if (claim.kind === 'in-doubt') gathered.unsure += 1;
  else if (claim.kind === 'refused') gathered.refused[claim.reason] = (gathered.refused[claim.reason] ?? 0) + 1;
  else {
    const { correlationId, attempt, phone, variables } = claim;
    const { lead } = request;
    gathered.claimed.push({ correlationId, attempt, phone, lead, variables: callVariables(dialler, lead, variables) });
  }
}

/** Going through a list takes its time: who opted out meanwhile is let go. */
async function leaveOutOptedOut(dialler: Dialler, claimed: Claimed[], refused: Record<string, number>): Promise<void> {
  const out = new Set<Claimed>();
  for (const each of claimed) {
    for (const phone of each.lead.phones) if (await dialler.deps.isOptedOut(phone)) out.add(each);
  }
  if (out.size === 0) return;
  await settle(dialler, [...out], { isPlaced: false, why: 'opted out before it was sent' });
  refused.opt_out = (refused.opt_out ?? 0) + out.size;
  claimed.splice(0, claimed.length, ...claimed.filter((each) => !out.has(each)));
}

/** Sends or writes the file. What is in doubt is looked for once, and left `sending`. */
async function send(dialler: Dialler, wish: CampaignWish, batch: Batch, csv: string): Promise<Partial<CampaignResult>> {
  if (wish.file) {
    // Never over another file, and for nobody else to read.
    await writeFile(wish.file, csv, { flag: 'wx', mode: 0o600 }).catch((cause: unknown) => {
      const hint = 'Name a file that does not exist yet, in a folder that can be written to.';
      throw new ConnectorError('bad_request', `${wish.file} could not be written`, { hint, cause });
    });
    return {};
  }
  const { from: sipPhoneNumber, agentId, concurrency: concurrentCalls, schedule } = wish;
  const campaign = await dialler.api
    .createCampaign({
      campaignName: batch.name,
      sipPhoneNumber,
      agentId,
      csv,
      concurrentCalls,
      ...(schedule && { schedule }),
    })
    .catch(async (error: unknown) => {
      const isInDoubt = error instanceof ConnectorError && error.inDoubt;
      // A look-up that fails as well leaves the doubt as it is.
      const found = isInDoubt ? await dialler.api.findCampaign(batch.name).catch(() => null) : null;
      if (found) return found;
      throw error;
    });
  Object.assign(batch, { state: 'sent', campaignId: campaign.campaignId });
  return { campaignId: campaign.campaignId, errors: campaign.errors.map(withoutNumbers) };
}

/** The platform's words may repeat the row. Its number in the file stays. */
export function withoutNumbers(text: string): string {
  return text.replace(/'[^']*'|"[^"]*"|(?<!\d|\brow )\+?\d[\d().\s-]{2,}\d/gi, '…').slice(0, 200);
}

async function settle(
  { deps }: Dialler,
  claimed: readonly Claimed[],
  result: Pick<DialResult, 'isPlaced' | 'why'>,
): Promise<void> {
  for (let start = 0; start < claimed.length; start += leadsAtOnce) {
    const part = claimed.slice(start, start + leadsAtOnce);
    await deps.dialling.settle(part.map(({ correlationId, attempt }) => ({ correlationId, attempt, ...result })));
  }
}
