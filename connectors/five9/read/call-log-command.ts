import type { Command, CommandOutput } from '../../../src/domain/connector.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { Five9 } from '../five9.ts';
import type { Finding, FindingKind } from './judge-log-row.ts';
import { type Reconciliation, reconcileCalls } from './reconcile-calls.ts';
import { placeAtStart } from './run-report.ts';

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
/** What is worth a line each; the others are counted. */
const told: readonly FindingKind[] = ['differs', 'human', 'unknown', 'missing'];

/** `patchbay <id> call-log`: what Five9's call log shows, beside what we wrote. Exit code 1 when they do not agree. */
export function callLogCommand(five9: Five9): Command {
  return {
    name: 'call-log',
    summary: "compares Five9's call log with what Patchbay wrote, and takes over what agents decided",
    arguments: [],
    options: [{ flags: '--since <when>', summary: 'an instant, or 30m, 24h, 7d ago (Default: callLog.firstHours)' }],
    async run(_words, options, output) {
      const end = five9.deps.clock.now();
      const start = readSince(options.since, end, five9.config.callLog.firstHours);
      const span = { start, end };
      const result = await five9.deps.withLease(`call-log:${five9.id}`, (signal) =>
        reconcileCalls(five9, span, placeAtStart(span), signal, {
          tell: (finding) => {
            if (output.isJson || told.includes(finding.kind)) say(output, finding, lineOf(finding));
          },
        }),
      );
      if (!result) {
        say(output, { ok: false, why: 'another command reads the call log now' }, 'Another command reads it now.');
        return 1;
      }
      const isAgreed = result.counts.differs + result.counts.missing === 0 && Object.keys(result.rejects).length === 0;
      say(output, { ok: isAgreed, ...result }, summaryOf(result));
      return isAgreed ? 0 : 1;
    },
  };
}

function readSince(since: unknown, now: number, firstHours: number): number {
  if (typeof since !== 'string') return now - firstHours * 3_600_000;
  const ago = /^(\d{1,4})([mhd])$/.exec(since);
  const start = ago ? now - Number(ago[1]) * (unitMs[ago[2] ?? ''] ?? 0) : Date.parse(since);
  if (start < now) return start;
  throw new ConnectorError('bad_request', '--since must be a time before now', {
    hint: 'Give it as 24h, 7d, or 2026-01-31T09:00:00Z.',
  });
}

function say(output: CommandOutput, result: object, line: string): void {
  output.write(output.isJson ? JSON.stringify(result) : line);
}

function lineOf({ kind, callId, at, campaign, wrote, state, shows, agent }: Finding): string {
  const ours = wrote ? `we wrote "${wrote}" (${state})` : 'we wrote nothing';
  const theirs = `the log shows "${shows}"${agent ? ` by ${agent}` : ''}`;
  const what = {
    differs: `${ours}, ${theirs}`,
    human: `${theirs}: it wins; ${ours}`,
    unknown: `never reached us; ${theirs}`,
    missing: 'reached us, and is not in the log',
  }[kind as 'differs' | 'human' | 'unknown' | 'missing'];
  return `${kind.padEnd(8)} ${at}  ${callId}  ${campaign}: ${what}`;
}

function summaryOf({ from, to, counts, newHuman, rejects }: Reconciliation): string {
  const parts = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
  const left = Object.entries(rejects).map(([reason, count]) => `${count} × ${reason}`);
  const tail = left.length > 0 ? `; left out: ${left.join(', ')}` : '';
  return `${from} to ${to}: ${parts.join(', ')}; ${newHuman} new results of agents${tail}`;
}
