import { softphoneWays } from '../flows/call-test/softphone-account.ts';
import { type SoftphoneReport, softphoneTitles, watchSoftphone } from '../flows/call-test/watch-softphone.ts';
import { type CallTestRun, isServiceThere } from './call-test.ts';
import { accountLines, stageLines } from './call-test-lines.ts';
import type { CliContext } from './context.ts';

/** `call test --softphone`: past the dialer and all carriers, so that only the platform's side is tested. */
export async function runSoftphoneTest(
  context: CliContext,
  { app, options, site, signal }: CallTestRun,
): Promise<void> {
  const { campaign, dialer, timeout, json: isJson = false } = options;
  const ways = await softphoneWays(app.deps, { campaign, dialerId: dialer });
  if (isJson) for (const way of ways) context.out(JSON.stringify({ kind: 'account', ...way }));
  else for (const line of ways.flatMap(accountLines)) context.out(line);
  if (!(await isServiceThere(context, { site }))) return context.exit(1);

  const number = ways.find((way) => way.number)?.number ?? '';
  const reports = await watchSoftphone(app.deps, {
    number,
    timeoutSec: timeout,
    signal,
    onReady() {
      if (!isJson) context.out(`Dial now; within ${timeout} s the platform has to tell of it.`);
    },
    onStage(report) {
      if (isJson) context.out(JSON.stringify({ kind: 'stage', ...report }));
      else for (const line of stageLines(softphoneTitles[report.id], report)) context.out(line);
    },
  });
  if (!isWhole(reports)) context.exit(1);
}

/** The variables are only shown: a softphone by itself sends none. */
function isWhole(reports: readonly SoftphoneReport[]): boolean {
  const done = reports.filter(({ status }) => status === 'done').map(({ id }) => id);
  return done.includes('picked-up') && done.includes('event') && done.includes('outcome');
}
