import { z } from 'zod';
import type { Instant } from '../../../src/domain/call.ts';
import { instantOf } from '../../../src/domain/clock.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { HeldLease } from '../../../src/domain/lease.ts';
import type { Dialler } from './dialler.ts';

/** Rows that were sent together: a campaign of the platform, or a file. */
const Batch = z.object({
  name: z.string(),
  /** `sending` while nobody knows; `file` when it is written for somebody to upload. */
  state: z.enum(['sending', 'sent', 'file']),
  campaignId: z.string(),
  rows: z.number(),
  /** When it came to that state. */
  at: z.string(),
});
export type Batch = z.infer<typeof Batch>;

const Book = z.object({ name: z.string(), startedAt: z.string(), batches: z.array(Batch) });
/** What was sent under one name. A campaign of the platform takes no further rows: later ones go into another. */
export type CampaignBook = z.infer<typeof Book>;

/** The platform shows a campaign that was just made at once; some time is given all the same. */
const listLagMs = 110_000;

/** Null when nothing was sent under this name. */
export async function readBook({ deps }: Dialler, name: string): Promise<CampaignBook | null> {
  const text = await deps.readCursor(`campaign:${name}`);
  return text === '' ? null : Book.parse(JSON.parse(text));
}

/** @param lease on the name: who lost it writes over nothing that its new holder wrote */
export async function writeBook({ deps }: Dialler, book: CampaignBook, lease: HeldLease): Promise<void> {
  await deps.writeCursor(`campaign:${book.name}`, JSON.stringify(book), lease);
}

/** Opens a batch under a name that the platform does not have yet. */
export function openBatch(dialler: Dialler, book: CampaignBook): Batch {
  const count = book.batches.length + 1;
  const name = count === 1 ? book.name : `${book.name} (${count})`;
  return { name, state: 'sending', campaignId: '', rows: 0, at: instantOf(dialler.deps.clock) };
}

/**
 * Finds out what became of batches that a process left while it sent them: names are unique, so the platform's list
 * tells. Those that it does not have are taken out of the book.
 */
export async function settleBatches(dialler: Dialler, book: CampaignBook, lease: HeldLease): Promise<void> {
  for (const batch of book.batches.filter(({ state }) => state === 'sending')) {
    const campaign = await dialler.api.findCampaign(batch.name);
    if (campaign) Object.assign(batch, { state: 'sent', campaignId: campaign.campaignId });
    else if (isFresh(dialler, batch.at)) throw tooEarly(batch.name);
    else book.batches = book.batches.filter((each) => each !== batch);
  }
  await writeBook(dialler, book, lease);
}

function isFresh({ config, deps }: Dialler, at: Instant): boolean {
  return deps.clock.now() - Date.parse(at) < listLagMs + config.timeoutMs;
}

function tooEarly(name: string): ConnectorError {
  return new ConnectorError('platform_away', `nobody can tell yet whether SigmaMind took the campaign "${name}"`, {
    retryable: true,
    hint: 'Run the command again in two minutes: it looks for the campaign first.',
  });
}
