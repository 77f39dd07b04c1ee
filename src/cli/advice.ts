import type { Command } from 'commander';
import type { App } from '../app.ts';
import type { Advice } from '../domain/advice.ts';
import { ConnectorError } from '../domain/errors.ts';
import { type AdviceQuery, advise, type CampaignAdvice } from '../flows/advise.ts';
import { faultOfScope } from '../flows/judge-control.ts';
import type { CliContext } from './context.ts';
import { withApp } from './with-app.ts';

export function addAdviceCommand(program: Command, context: CliContext): void {
  program
    .command('advice')
    .description(
      'how many lines a campaign needs, and whether it dials too much, by what was measured; changes nothing',
    )
    .option('--dialer <id>', 'only campaigns of this dialer')
    .option('--campaign <name>', 'only this campaign')
    .option('--json', 'one JSON document')
    .action((options: AdviceQuery & { json?: boolean }) => withApp(context, (app) => run(context, app, options)));
}

async function run(
  context: CliContext,
  { deps }: App,
  { json, ...query }: AdviceQuery & { json?: boolean },
): Promise<void> {
  const { dialer = '', campaign = '' } = query;
  const fault = faultOfScope(deps, { dialer, campaign, aspect: '' });
  if (fault) throw new ConnectorError('bad_request', fault.words, { hint: fault.hint });
  const advice = await advise(deps, query);
  if (json) return context.out(JSON.stringify({ advice }, null, 2));
  if (advice.length === 0)
    context.out(
      `No campaign ${campaign ? `called ${campaign} ` : ''}was found: none had a call within a week, and no dialer tells of one.`,
    );
  for (const line of advice.flatMap(linesOf)) context.out(line);
}

function linesOf({ dialer, campaign, missing, lines, level }: CampaignAdvice): string[] {
  return [
    `${campaign} (${dialer})`,
    ...(missing ? [`  ${dialer} could not be asked: ${missing}`] : []),
    ...adviceLines('lines', lines),
    ...adviceLines('dial level', level),
    '',
  ];
}

function adviceLines(what: string, advice: Advice): string[] {
  return [
    `  ${what}: ${headline(advice)}`,
    ...advice.why.map((reason) => `    ${reason}`),
    ...(advice.how ? [`    → ${advice.how}`] : []),
  ];
}

function headline({ verdict, now, wanted }: Advice): string {
  if (verdict === 'too little data') return verdict;
  if (verdict === 'keep') return now === null ? `${wanted ?? '?'} (how many there are is not known)` : `keep ${now}`;
  return `${verdict} from ${now ?? '?'} to ${wanted ?? 'what its own limits allow'}`;
}
