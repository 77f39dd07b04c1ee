import { type SetupPhase, setupPhases } from '../../domain/setup.ts';
import { checkNames, type NamedStep, type SetupInstance, stepsInOrder } from './named-steps.ts';
import { reasonOf } from './plan-steps.ts';
import type { SitePicture } from './read-site.ts';

export interface RunbookInput {
  instances: readonly SetupInstance[];
  picture: SitePicture;
  configFile: string;
  secretsFile: string;
  /** Secrets by their values, each with the words for the place where it lies. */
  places: ReadonlyMap<string, string>;
}

const phaseTitles: Record<SetupPhase, string> = {
  access: 'Access',
  platform: 'The AI platform',
  dialer: 'The dialers',
  campaign: 'The campaigns, up to a test call',
  production: 'Production',
};

const kindWords = {
  manual: 'by you',
  generated: 'made for you to paste',
  api: 'done by `npx patchbay setup --apply`',
} as const;

/** The whole set-up as one page to print: every step with the site's own names, in order. Holds no secret. */
export async function writeRunbook(input: RunbookInput): Promise<string> {
  const { instances, picture } = input;
  const steps = stepsInOrder(instances);
  const parts = [
    ['# Setting up Patchbay', '', ...introduction(input)].join('\n'),
    ['## The site', '', ...table(picture.instances), '', ...waysOf(picture)].join('\n'),
  ];
  let number = 0;
  for (const phase of setupPhases) {
    const ofPhase = steps.filter(({ step }) => step.phase === phase);
    if (ofPhase.length === 0) continue;
    parts.push(`## ${phaseTitles[phase]}`);
    for (const named of ofPhase) {
      number += 1;
      parts.push(await stepText(named, number, instances));
    }
  }
  return `${withoutSecrets(parts.join('\n\n'), input.places)}\n`;
}

function introduction({ configFile, secretsFile }: RunbookInput): string[] {
  return [
    `Made by \`npx patchbay setup --runbook\` from \`${configFile}\`; make it anew when the configuration changes. Go from top to`,
    `bottom: each step needs those before it. Secrets are not here: a name such as \`EXAMPLE_KEY\` stands in \`${secretsFile}\`.`,
    '',
    '`npx patchbay setup --apply` does the steps that can be done over the APIs, after showing them; `npx patchbay setup undo`',
    'takes them back.',
  ];
}

function waysOf({ ways, gaps }: SitePicture): string[] {
  const lines = ways.length > 1 ? ['From campaigns to agents, as the systems say now:', '', ...table(ways)] : [];
  return [...lines, ...(gaps.length > 0 ? ['', ...gaps.map((gap) => `- ${gap}`)] : [])];
}

async function stepText(named: NamedStep, number: number, instances: readonly SetupInstance[]): Promise<string> {
  const { owner, step } = named;
  const checks = checkNames(named, instances);
  return [
    `### ${number}. ${step.title}`,
    '',
    `\`${owner}\` · ${kindWords[step.kind]}`,
    '',
    (await describe(named)).trim(),
    '',
    ...(checks.length > 0 ? [`Seen by: \`npx patchbay doctor --only ${checks.join(' ')}\``, ''] : []),
    '- [ ] done',
  ].join('\n');
}

/** A step that needs a look at its system still stands there when the system is away. */
async function describe({ step }: NamedStep): Promise<string> {
  try {
    return await step.describe();
  } catch (error) {
    return `This could not be written now: ${reasonOf(error)}`;
  }
}

function table([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** A net under the steps, which name secrets by their place by themselves. */
function withoutSecrets(text: string, places: ReadonlyMap<string, string>): string {
  const longestFirst = [...places].sort(([one], [other]) => other.length - one.length);
  return longestFirst.reduce((clean, [secret, place]) => clean.replaceAll(secret, place), text);
}
