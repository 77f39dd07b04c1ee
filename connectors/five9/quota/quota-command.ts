import type { Command, CommandOutput } from '../../../src/domain/connector.ts';
import { messageOf } from '../../../src/domain/errors.ts';
import type { Five9 } from '../five9.ts';
import { type Forecast, forecast } from './forecast.ts';
import type { QuotaLine } from './governor.ts';
import { windowNames } from './windows.ts';

const assumptions =
  'if nothing is added, nobody else uses the limits, no row is tried twice, and requests carry as many rows as they may';

/** `quota`: what is left of Five9's limits, what waits, and when it will be through. */
export function quotaCommand(five9: Five9): Command {
  return {
    name: 'quota',
    summary: "what is left of Five9's limits, and when the backlog will be through",
    async run(_args, _options, output) {
      const why = await five9.api.counters().then(
        () => '',
        (error: unknown) => messageOf(error),
      );
      const lines = five9.api.quota();
      const backlog = forecast(five9, await five9.deps.backlog());
      if (output.isJson) output.write(asJson(five9, why, lines, backlog));
      else print(five9, output, why, lines, backlog);
      return why ? 1 : 0;
    },
  };
}

function asJson({ api }: Five9, why: string, lines: readonly QuotaLine[], backlog: readonly Forecast[]): string {
  return JSON.stringify({
    isFromFive9: why === '',
    ...(why && { why }),
    limits: lines.map(({ category, windowSec, limit, used, endsAt }) => ({
      category,
      window: nameOf(windowSec),
      limit,
      used,
      left: Math.max(0, limit - used),
      leftForWriteBacks: Math.max(0, api.quotaShare(limit, 'write') - used),
      endsAt: new Date(endsAt).toISOString(),
    })),
    backlog: backlog.map(({ throughAt, ...row }) => ({
      ...row,
      throughAt: throughAt === null ? null : new Date(throughAt).toISOString(),
    })),
    assumptions,
  });
}

function print(
  { config, deps }: Five9,
  output: CommandOutput,
  why: string,
  lines: readonly QuotaLine[],
  backlog: readonly Forecast[],
): void {
  if (why) {
    output.write(`Five9's own counters could not be read: ${why}`);
    output.write('The limits below are the documented ones, and only what this command itself used is counted.');
  }
  const windows = [...new Set(lines.map(({ windowSec }) => windowSec))].sort((a, b) => a - b);
  output.write(row('left of', windows.map(nameOf)));
  for (const [category, own] of Map.groupBy(lines, (line) => line.category)) {
    const cells = windows.map((sec) => {
      const line = own.find(({ windowSec }) => windowSec === sec);
      return line && line.limit > 0 ? `${Math.max(0, line.limit - line.used)} of ${line.limit}` : '-';
    });
    output.write(row(category, cells));
  }
  output.write(
    `${config.quota.reservePercent} % of each limit is kept for live calls and commands, and 5 % for write-backs.`,
  );
  output.write('');
  for (const { aspect, waiting, due, submitted, category, requests, throughAt } of backlog) {
    output.write(
      `${aspect}: ${waiting} wait, ${due} of them due; ${submitted} sent and not confirmed yet. ` +
        (waiting === 0
          ? 'Nothing left to send.'
          : `${requests} requests of ${category}: ${inWords(throughAt, deps.clock.now())}.`),
    );
  }
  output.write(backlog.length === 0 ? 'No write-back waits.' : `An estimate: ${assumptions}.`);
}

function inWords(throughAt: number | null, now: number): string {
  if (throughAt === null) return 'not within a year';
  const minutes = Math.ceil((throughAt - now) / 60_000);
  const wait = minutes <= 1 ? 'a minute' : minutes < 120 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
  return `sent in about ${wait} (${new Date(throughAt).toISOString()})`;
}

function nameOf(windowSec: number): string {
  return windowNames.get(windowSec) ?? `${windowSec} s`;
}

function row(first: string, cells: readonly string[]): string {
  return (
    first.padEnd(20) +
    cells
      .map((cell) => cell.padEnd(20))
      .join('')
      .trimEnd()
  );
}
