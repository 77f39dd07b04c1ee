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

/** The whole set-up from top to bottom, with the site's own names. Texts are Markdown. Holds no secret. */
export interface Runbook {
  introduction: string;
  site: string;
  phases: readonly { title: string; steps: readonly RunbookStep[] }[];
}

export interface RunbookStep {
  /** Counted through all phases, from 1. */
  number: number;
  title: string;
  owner: string;
  /** Who does it. */
  how: string;
  text: string;
  /** The checks that see whether it is done, by their global names; none where nobody can see it. */
  checks: readonly string[];
}

/** Makes it from what the systems hold now. */
export async function gatherRunbook(input: RunbookInput): Promise<Runbook> {
  const { instances, picture } = input;
  const clean = (text: string) => withoutSecrets(text, input.places);
  const steps: (RunbookStep & { phase: SetupPhase })[] = [];
  for (const named of stepsInOrder(instances)) {
    const { owner, step } = named;
    steps.push({
      number: steps.length + 1,
      title: clean(step.title),
      owner,
      how: kindWords[step.kind],
      text: clean((await describe(named)).trim()),
      checks: checkNames(named, instances),
      phase: step.phase,
    });
  }
  return {
    introduction: clean(introduction(input).join('\n')),
    site: clean([...table(picture.instances), '', ...waysOf(picture)].join('\n')),
    phases: setupPhases.flatMap((phase) => {
      const ofPhase = steps.filter((step) => step.phase === phase).map(({ phase: _, ...step }) => step);
      return ofPhase.length > 0 ? [{ title: phaseTitles[phase], steps: ofPhase }] : [];
    }),
  };
}

/** It as one page of Markdown to print. */
export function runbookMarkdown({ introduction, site, phases }: Runbook): string {
  const parts = [
    ['# Setting up Patchbay', '', introduction].join('\n'),
    ['## The site', '', site].join('\n'),
    ...phases.flatMap(({ title, steps }) => [`## ${title}`, ...steps.map(stepText)]),
  ];
  return `${parts.join('\n\n')}\n`;
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

function stepText({ number, title, owner, how, text, checks }: RunbookStep): string {
  return [
    `### ${number}. ${title}`,
    '',
    `\`${owner}\` · ${how}`,
    '',
    text,
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
