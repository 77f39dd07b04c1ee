import { openCounts } from './counts.ts';
import { playDay } from './day.ts';
import { judgeHeaders } from './header-verdict.ts';
import { goOnLiving } from './next-morning.ts';
import { type DemoOptions, readDemoOptions } from './options.ts';
import { planOutages } from './outages.ts';
import { dayLengthSec, writeScript } from './script.ts';
import { playShadow } from './shadow-day.ts';
import { removeEnvFile, stayUp, tellConsole, writeEnvFile } from './stay-up.ts';
import { judge } from './verdict.ts';
import { startWorld, type World } from './world.ts';

/** A Monday in winter time, five minutes before the first call, in Denver. */
const morning = Date.parse('2026-03-02T15:55:00.000Z');

process.exitCode = await main();

async function main(): Promise<number> {
  let options: DemoOptions;
  try {
    options = readDemoOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return 2;
  }
  const startedAt = performance.now();
  const tell = createNarrator(() => world?.clock.now() ?? morning);
  const script = writeScript(options.seed, {
    calls: options.calls,
    daySec: dayLengthSec(options),
    five9Every: options.dialerKills > 0 ? 10 : 2,
    rushes: planOutages(options).flatMap(({ what, atSec }) => (what === 'database' ? [atSec] : [])),
  });
  let world: World | undefined;
  const stop = async () => {
    removeEnvFile(options);
    await world?.stop();
    process.exit(130);
  };
  process.once('SIGINT', () => void stop());
  process.once('SIGTERM', () => void stop());

  try {
    if (options.isShadow) {
      const opened = (one: World) => {
        world = one;
      };
      return await playShadow(options, script, morning, { tell, opened });
    }
    world = await startWorld(options, script, morning, tell);
    if (!options.isOnce) {
      writeEnvFile(options, world);
      tellConsole(world, tell);
    }
    const report = await playDay(world, options, script, tell);
    const verdict = judge(report.ends, report.journals, options.kills > 0);
    const { findings: headerFindings, ...headers } = judgeHeaders(report.headerRequests, report.outages);
    const counts = await openCounts(world.store);
    // While Patchbay itself is dead, nobody answers.
    if (options.kills === 0) verdict.findings.push(...headerFindings);
    for (const finding of verdict.findings) tell(`finding: ${finding}`);
    const result = {
      calls: script.length,
      handedToAi: report.ends.filter((end) => end.wasHandedToAi).length,
      ...counts,
      kills: report.restartsMs.length,
      outages: report.outages.length,
      ...headers,
      lost: verdict.lost,
      double: verdict.double,
      wrong: verdict.wrong,
      wallSeconds: Math.round((performance.now() - startedAt) / 100) / 10,
    };
    tell(
      `${result.calls} calls, ${result.writeBacks} write-backs, ${result.delivered} delivered, ${result.dead} dead, ${result.retried} retried`,
    );
    tell(
      `${result.headerRequests} questions for headers, ${result.headersWithoutDatabase} of them without the database, the longest ${result.headerMaxMs} ms, ${result.headersLate} after their deadline`,
    );
    tell(`lost ${result.lost}, double ${result.double}, wrong ${result.wrong}`);
    if (!options.isOnce) {
      tell('the next morning');
      await goOnLiving(world, options, script, morning + 86_400_000, tell);
      await stayUp(options, world, tell);
    }
    await world.stop();
    if (options.isJson) process.stdout.write(`${JSON.stringify(result)}\n`);
    return result.lost + result.double + result.wrong + (options.kills > 0 ? 0 : result.headersLate) === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`the demo failed: ${error instanceof Error ? error.stack : error}\n`);
    for (const line of world?.patchbay().tail().slice(-40) ?? []) process.stderr.write(`  patchbay: ${line}\n`);
    await world?.stop();
    return 1;
  }
}

function createNarrator(now: () => number): (line: string) => void {
  return (line) => {
    const time = new Date(now() - 7 * 3_600_000).toISOString().slice(11, 19);
    process.stderr.write(`${time}  ${line}\n`);
  };
}
