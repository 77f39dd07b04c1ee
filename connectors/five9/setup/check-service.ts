import type { Check, CheckResult } from '../../../src/domain/connector.ts';
import type { Five9 } from '../five9.ts';
import { windowNames } from '../quota/windows.ts';
import { type ReportName, runReport } from '../read/report-operations.ts';
import { faultOf } from '../soap/errors.ts';
import { checkOf, fail, loginCheck, ok, unknown, warn } from './check-results.ts';

/** The web services themselves: log-in, version, limits, saved reports. */
export function serviceChecks(five9: Five9): Check[] {
  const wanted = savedReports(five9);
  return [
    checkOf(loginCheck, 'Five9 accepts the API user', () => login(five9)),
    checkOf('soap.version', 'Five9 offers the configured version of its web services', () => version(five9)),
    checkOf('quota.left', 'The limits leave room for write-backs', () => quota(five9)),
    ...(wanted.length > 0 ? [checkOf('reports.saved', 'The saved reports exist', () => reports(five9, wanted))] : []),
  ];
}

async function login({ api, config }: Five9): Promise<CheckResult> {
  await api.versions();
  const { length } = config.soap.users;
  return ok(length === 1 ? 'one API user' : `one of ${length} API users; the others are tried when they are needed`);
}

async function version({ api, config }: Five9): Promise<CheckResult> {
  const wanted = config.soap.version;
  const { maxVersion } = await api.versions();
  if (!maxVersion) return unknown(`${wanted}; Five9 does not say what it offers`, 'Ask Five9 support.');
  if (rank(wanted) > rank(maxVersion)) {
    return fail(
      `${wanted}, Five9 offers up to ${maxVersion}`,
      'Requests go to an address that Five9 does not have.',
      `Set soap.version to ${maxVersion}.`,
    );
  }
  return ok(wanted === maxVersion ? wanted : `${wanted}; Five9 offers up to ${maxVersion}`);
}

/** `v9_5` is 9.5; Five9 calls its oldest version by no name at all. */
function rank(name: string): number {
  return Number(name.replace(/^v/, '').replace('_', '.'));
}

async function quota({ id, api }: Five9): Promise<CheckResult> {
  await api.counters();
  const full = api
    .quota()
    .filter(({ limit, used }) => limit > 0 && used >= api.quotaShare(limit, 'write'))
    .map(({ category, windowSec }) => `${category} per ${windowNames.get(windowSec) ?? `${windowSec} s`}`);
  if (full.length === 0) return ok('every limit has something left');
  return warn(
    `used up: ${full.join(', ')}`,
    'What needs it waits for the end of the window. Nothing is lost.',
    `See npx patchbay ${id} quota. Where it happens every day, see whether other programs use the web services.`,
  );
}

/** No web service lists reports: each is started over its last minute and left alone, one of 800 a day. */
async function reports(five9: Five9, wanted: readonly ReportName[]): Promise<CheckResult> {
  const end = five9.deps.clock.now();
  for (const report of wanted) {
    try {
      await runReport(five9, report, { start: end - 60_000, end }, AbortSignal.timeout(five9.config.soap.timeoutMs));
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

function savedReports({ config: { sync, callLog } }: Five9): ReportName[] {
  const callLogReport = callLog.cron ? [{ folder: callLog.folder, name: callLog.report }] : [];
  return [...(sync.report ? [sync.report] : []), ...callLogReport];
}
