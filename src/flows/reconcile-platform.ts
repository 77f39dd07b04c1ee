import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../domain/errors.ts';
import type { Platform, PlatformPage, PlatformRecord } from '../domain/platform.ts';
import type { Deps } from './deps.ts';
import type { ReconcileRun } from './reconcile.ts';
import { tellRecord } from './tell-record.ts';

/** Live calls go first: between two pages there is time for them. */
const pauseMs = 20;
/** One record that can't be read shall not end a night's work; so many in a row mean that the platform or the store is away. */
const mostFailures = 5;

/** Reads a platform's own records of the calls, and appends what no webhook has told. */
export async function reconcilePlatform(deps: Deps, platform: Platform, run: ReconcileRun): Promise<void> {
  if (!platform.listCalls) return;
  const { report, signal } = run;
  let cursor = '';
  do {
    try {
      const page: PlatformPage = await platform.listCalls(report.since, cursor, signal);
      await tellPage(deps, platform, page, run);
      if (page.isCut) report.unread.push(platform.id);
      cursor = page.cursor;
    } catch (error) {
      deps.log.warn({ platform: platform.id, reason: messageOf(error) }, 'the calls of a platform could not be read');
      report.unread.push(platform.id);
      return;
    }
    await wait(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
  } while (cursor && !signal.aborted);
  if (signal.aborted) report.unread.push(platform.id);
}

async function tellPage(deps: Deps, platform: Platform, { records }: PlatformPage, run: ReconcileRun): Promise<void> {
  let failures = 0;
  for (const record of records) {
    if (run.signal.aborted) return;
    try {
      await tell(deps, platform, record, run);
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures === mostFailures) throw error;
      deps.log.warn({ platform: platform.id, reason: messageOf(error) }, "a platform's record could not be told");
      run.report.unread.push(platform.id);
    }
  }
}

async function tell(deps: Deps, platform: Platform, record: PlatformRecord, run: ReconcileRun): Promise<void> {
  const { report } = run;
  const told = await tellRecord(deps, platform, record, {
    isDryRun: run.isDryRun === true,
    signal: run.signal,
  });
  report.platformCalls += 1;
  report.factsAdded += told.added;
  if (told.isErased) report.erased += 1;
  else if (!told.isMatched) report.unmatched += 1;
  if (told.correlationId && (!record.isOver || run.isDryRun)) run.spokenFor.add(told.correlationId);
  if (told.contradiction === '') return;
  report.findings.push({
    kind: 'finding',
    key: `contradiction:${platform.id}:${record.callKey}`,
    correlationId: told.correlationId,
    details: {
      platform: platform.id,
      call: record.callKey,
      why: `a webhook said that the call ended as ${told.contradiction}, and the platform's record says otherwise`,
      hint: 'Look at the call in the platform; where the record is right, correct the outcome.',
    },
  });
}
