import { z } from 'zod';
import type { Job } from '../../../src/domain/connector.ts';
import type { HeldLease } from '../../../src/domain/lease.ts';
import type { Five9 } from '../five9.ts';
import { reconcileCalls } from './reconcile-calls.ts';
import type { TimeSpan } from './report-operations.ts';
import { placeAtStart, ReportPlace } from './run-report.ts';

/** How far the log is read, and what is being read. `upTo`: epoch ms, 0 before the first time. */
const Cursor = z.object({
  upTo: z.int().min(0),
  reading: z.object({ start: z.int(), end: z.int(), place: ReportPlace }).optional(),
});

const cursorName = 'call-log';
/** Five9 gives 800 reports a day: a cron that is too eager does not use them up. */
const leastGapMs = 300_000;

/** Reads the call log by cron, from where it was left, with an overlap. No job without `callLog.cron`. */
export function callLogJobs(five9: Five9): Job[] {
  const { callLog, domainTimeZone } = five9.config;
  if (!callLog.cron) return [];
  return [
    {
      name: 'call-log',
      schedule: { cron: callLog.cron, timeZone: domainTimeZone },
      isExclusive: true,
      run: (signal, lease) => readOn(five9, signal, lease),
    },
  ];
}

async function readOn(five9: Five9, signal: AbortSignal, lease?: HeldLease): Promise<void> {
  const { config, deps } = five9;
  const { upTo, reading } = readCursor(await deps.readCursor(cursorName));
  const now = deps.clock.now();
  if (!reading && now - upTo < leastGapMs) return;

  const span = reading ?? nextSpan(config.callLog, upTo, now);
  const place = reading?.place ?? placeAtStart(span);
  const { counts, rejects, newHuman } = await reconcileCalls(five9, span, place, signal, {
    keep: (kept) => write({ upTo, reading: { start: span.start, end: span.end, place: kept } }),
  });
  await write({ upTo: span.end });
  const fields = { dialer: five9.id, ...counts, newHuman, rejects };
  if (counts.differs + counts.missing > 0 || Object.keys(rejects).length > 0) {
    const hint = `Run \`npx patchbay ${five9.id} call-log\` to see which.`;
    deps.log.warn({ ...fields, hint }, 'the call log of Five9 and ours do not agree');
  } else deps.log.info(fields, 'the call log of Five9 was compared');

  function write(cursor: z.infer<typeof Cursor>): Promise<void> {
    return deps.writeCursor(cursorName, JSON.stringify(cursor), lease);
  }
}

function nextSpan(callLog: Five9['config']['callLog'], upTo: number, now: number): TimeSpan {
  const start = upTo === 0 ? now - callLog.firstHours * 3_600_000 : upTo - callLog.overlapMinutes * 60_000;
  return { start, end: now };
}

/** An unreadable cursor begins anew: what was read before is recognised. */
function readCursor(text: string): z.infer<typeof Cursor> {
  try {
    return Cursor.parse(JSON.parse(text));
  } catch {
    return { upTo: 0 };
  }
}
