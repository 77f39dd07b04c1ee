import type { SetupStep } from '../../domain/setup.ts';
import { networkText, proxyText, serviceText } from './own-texts.ts';

/** What Patchbay's own steps name. */
export interface OwnFacts {
  publicUrl: string;
  /** Where it listens. */
  host: string;
  port: number;
  configFile: string;
  secretsFile: string;
  /** Folder that commands are run in, the program with which they run, and what it runs. */
  folder: string;
  node: string;
  program: string;
  /** Folders that the service writes to. */
  written: readonly string[];
  /** What holds Patchbay's own data. */
  store: { kind: 'file' | 'database'; name: string };
  dialers: readonly string[];
  /** Those whose servers ask Patchbay at an address besides HTTP. */
  asking: readonly string[];
  /** Each campaign that is configured by its name. */
  campaigns: readonly { dialer: string; campaign: string }[];
}

/** The steps of Patchbay itself, before and after those of the systems that it connects. */
export function ownSteps(facts: OwnFacts): SetupStep[] {
  const manual = { kind: 'manual', checks: [] as readonly string[] } as const;
  return [
    {
      ...manual,
      id: 'files',
      title: 'Keep configuration and secrets safe',
      phase: 'access',
      checks: ['patchbay:configuration.loaded', 'patchbay:clients.keys'],
      describe: () =>
        [
          `The configuration is \`${facts.configFile}\`; what is secret lies in \`${facts.secretsFile}\`, which only the`,
          "service's user may read:",
          '',
          `    chmod 600 ${facts.secretsFile}`,
          '',
          `Back up both, and what holds Patchbay's own data: ${facts.store.name}. Whoever has the secrets has your systems: keep them`,
          'out of mail, tickets and version control. Check the configuration at any time:',
          '',
          `    npx patchbay --config ${facts.configFile} serve --check`,
        ].join('\n'),
    },
    {
      ...manual,
      id: 'service',
      kind: 'generated',
      title: 'Run Patchbay as a service',
      phase: 'access',
      checks: ['patchbay:service.running', 'patchbay:store.ready', 'patchbay:spool.writable'],
      describe: () => serviceText(facts),
    },
    {
      ...manual,
      id: 'network',
      title: 'Open the ways through the firewalls',
      phase: 'access',
      describe: () => networkText(facts),
    },
    {
      ...manual,
      id: 'public-address',
      kind: 'generated',
      title: 'Make Patchbay reachable over TLS',
      phase: 'access',
      checks: ['patchbay:public-url.reachable', 'patchbay:public-url.tls'],
      describe: () => proxyText(facts),
    },
    {
      ...manual,
      id: 'first-sync',
      title: 'Read the leads for the first time',
      phase: 'campaign',
      describe: () =>
        [
          'Best while little is dialled. It can be stopped and begun again, and goes on where it was:',
          '',
          ...facts.dialers.map((id) => `    npx patchbay sync ${id}`),
          '',
          'From then on the service reads what changed by itself. What was left out, and why, stands in the last line.',
        ].join('\n'),
    },
    {
      ...manual,
      id: 'doctor',
      title: 'Have everything looked at',
      phase: 'campaign',
      describe: () =>
        [
          'What set-up changed in the configuration counts once the service is started anew:',
          '',
          '    systemctl restart patchbay',
          '',
          'The look itself changes nothing. Exit code 0: all is well; 1: warnings; 2: something fails. Each finding says what to change and where.',
          '',
          '    npx patchbay doctor',
          '',
          'What it calls `unknown` it could not see: each time it says why. Go on to the test call when nothing fails.',
        ].join('\n'),
    },
    {
      ...manual,
      id: 'test-call',
      title: 'Make a test call',
      phase: 'campaign',
      describe: () =>
        [
          'One call to a telephone of your own, with a dial level of 1 and one lead in the list. Every stage is watched, from the',
          'dialling to the disposition, and the first one that fails is named with its fix:',
          '',
          ...facts.campaigns.map(
            ({ dialer, campaign }) =>
              `    npx patchbay call test --dialer ${dialer} --campaign ${inShell(campaign)} --phone <your number>`,
          ),
          '',
          'Where carriers in your country block such calls, `--softphone` prints the account for a softphone instead. Answer, speak',
          'with the agent, ask for a callback, and say at the end of another call that you do not want to be called.',
        ].join('\n'),
    },
    {
      ...manual,
      id: 'production',
      title: 'Switch to production',
      phase: 'production',
      describe: () =>
        [
          'Raise dial level and lines in steps, a campaign at a time, and look at the drop rate after each: at most 3 % of answered',
          'calls over 30 days may be dropped in the United States. More lines help more than a lower level; more calls at once than',
          'the AI takes only make drops. After each step:',
          '',
          '    npx patchbay doctor',
          '    npx patchbay attention',
          '',
          'Take the test leads out of the lists before you begin.',
        ].join('\n'),
    },
    {
      ...manual,
      id: 'watch',
      title: 'Have it watched',
      phase: 'production',
      describe: () =>
        [
          `\`${facts.publicUrl}/readyz\` answers 200 while calls are taken; its \`degraded\` says what is away. \`/metrics\` is for`,
          'Prometheus. Every night Patchbay compares the systems and heals what is safe; what needs a person is listed by',
          '`npx patchbay attention`. When something is odd, make an archive without personal data for whoever helps you:',
          '',
          '    npx patchbay support bundle',
        ].join('\n'),
    },
  ];
}

/** A name with blanks stands in quotes. */
function inShell(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
