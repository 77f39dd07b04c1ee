import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { windowNames } from '../../quota/windows.ts';
import { type ReportName, runReport } from '../../read/report-operations.ts';
import { faultOf } from '../../soap/errors.ts';
import { nextOpening, windowEnd } from '../../times.ts';
import { checkOf, fail, notUsed, ok, warn } from './results.ts';
import type { Site } from './site.ts';

/** What Five9 allows: limits, the DNC window, and the saved reports that are read. */
export function limitChecks(site: Site): Check[] {
  return [
    checkOf({
      id: 'quota.left',
      title: 'The limits leave room for write-backs',
      looksAt: 'getCallCountersState: every category, per minute, hour and day',
      needs: ['users.single-use'],
      run: () => quota(site),
    }),
    checkOf({
      id: 'dnc.list',
      title: 'The DNC list can be read',
      looksAt: 'checkDncForNumbers with a number that nobody has',
      run: async () => {
        await site.dnc();
        return ok('it answers');
      },
    }),
    checkOf({
      id: 'dnc.window',
      title: 'Numbers are put on the DNC list when Five9 takes them',
      looksAt: 'dncWindow of the configuration against 23:00 to 06:00 US Pacific',
      needs: [],
      run: async () => dncWindow(site),
    }),
    checkOf({
      id: 'reports.saved',
      title: 'The saved reports exist',
      looksAt: 'runReport over one minute: sync.report, and callLog.report where callLog.cron is set',
      run: () => reports(site),
    }),
  ];
}

async function quota(site: Site): Promise<CheckResult> {
  const { api, id } = site.five9;
  await site.counters();
  const lines = api.quota().filter(({ limit }) => limit > 0);
  const nameOf = ({ category, windowSec }: (typeof lines)[number]) =>
    `${category} per ${windowNames.get(windowSec) ?? `${windowSec} s`}`;
  const full = lines.filter(({ limit, used }) => used >= api.quotaShare(limit, 'write'));
  if (full.length > 0) {
    return warn(
      `used up: ${full.map((line) => `${nameOf(line)} (${line.used} of ${line.limit})`).join(', ')}`,
      'What needs it waits for the end of the window. Nothing is lost.',
      `See npx patchbay ${id} quota. Where it happens every day, see which other programs use the web services of the domain, or raise batch.flushMs.`,
    );
  }
  const [most] = lines.sort((one, other) => other.used / other.limit - one.used / one.limit);
  return ok(most ? `most used: ${nameOf(most)}, ${most.used} of ${most.limit}` : 'Five9 counts nothing');
}

const documented = { from: '23:00', to: '06:00', timeZone: 'America/Los_Angeles' };

function dncWindow({ five9, config }: Site): CheckResult {
  const { dncWindow: window } = config;
  const words = `${window.from} to ${window.to} ${window.timeZone}`;
  const now = five9.deps.clock.now();
  const opens = nextOpening(window, now) || now;
  const closes = windowEnd(window, opens);
  const isWithin =
    nextOpening(documented, opens) === 0 && closes !== undefined && closes <= (windowEnd(documented, opens) ?? 0);
  if (isWithin) return ok(words);
  return warn(
    words,
    'Over the web services Five9 adds to the DNC list from 23:00 to 06:00 US Pacific only, and refuses at other times.',
    'Take dncWindow out of the configuration, or set it within these hours. During the call the module Set DNC and the type of the disposition protect the number at once.',
  );
}

const seenForMs = 3_600_000;

/**
 * No web service lists reports: each is started over its last minute and left alone, one of 800 a day. One that was seen is
 * not asked for again within the hour, however often the doctor runs.
 */
async function reports({ five9, config: { sync, callLog, soap } }: Site): Promise<CheckResult> {
  const wanted: ReportName[] = [
    ...(sync.report ? [sync.report] : []),
    ...(callLog.cron ? [{ folder: callLog.folder, name: callLog.report }] : []),
  ];
  if (wanted.length === 0) return notUsed('no saved report in the configuration');
  const end = five9.deps.clock.now();
  for (const report of wanted) {
    const mark = `report-seen:${report.folder}/${report.name}`;
    if (end - Date.parse(await five9.deps.readCursor(mark)) < seenForMs) continue;
    try {
      await runReport(five9, report, { start: end - 60_000, end }, AbortSignal.timeout(soap.timeoutMs));
      await five9.deps.writeCursor(mark, new Date(end).toISOString());
    } catch (error) {
      if (faultOf(error)?.fault !== 'ReportNotFound') throw error;
      return fail(
        `Five9 has no report "${report.name}" in the folder "${report.folder}"`,
        'Without it nothing is read from there.',
        'Save it in Five9 (Reports → the folder), where the API user sees it; names are in the language of that user.',
      );
    }
  }
  return ok(wanted.map(({ folder, name }) => `${folder} / ${name}`).join(', '));
}
