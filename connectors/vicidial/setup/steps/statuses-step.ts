import type { SetupStep } from '../../../../src/domain/setup.ts';
import type { StatusFlag, StatusRow } from '../../tables/schema.ts';
import { campaignNames } from '../wanted-agents.ts';
import type { StepSite } from './step-site.ts';
import { table } from './step-text.ts';

/** What VICIdial's reports and its redialling make of an outcome; an outcome of the site's own is a conversation. */
const flagsOf: Readonly<Record<string, readonly StatusFlag[]>> = {
  opt_out: ['human_answered', 'dnc', 'customer_contact', 'completed'],
  sale: ['human_answered', 'sale', 'customer_contact', 'completed'],
  qualified: ['human_answered', 'customer_contact'],
  not_qualified: ['human_answered', 'customer_contact', 'completed'],
  callback: ['human_answered', 'customer_contact', 'scheduled_callback'],
  not_interested: ['human_answered', 'customer_contact', 'not_interested', 'completed'],
  wrong_number: ['human_answered', 'unworkable', 'completed'],
  language: ['human_answered', 'customer_contact'],
  transferred: ['human_answered', 'customer_contact'],
  voicemail: ['answering_machine'],
  no_answer: [],
  busy: [],
  hung_up: ['human_answered'],
  failed: [],
  unknown: [],
};

const conversation: readonly StatusFlag[] = ['human_answered', 'customer_contact'];

const shownFlags = [
  ['human_answered', 'Human Answered'],
  ['sale', 'Sale'],
  ['dnc', 'DNC'],
  ['customer_contact', 'Customer Contact'],
  ['not_interested', 'Not Interested'],
  ['unworkable', 'Unworkable'],
  ['scheduled_callback', 'Scheduled Callback'],
  ['completed', 'Completed'],
  ['answering_machine', 'Answering Machine'],
] as const satisfies readonly (readonly [StatusFlag, string])[];

export interface MissingStatus {
  status: string;
  outcomes: readonly string[];
  campaigns: readonly string[];
  flags: readonly StatusFlag[];
}

/** The statuses that the mapping names. `held` null: nobody can see which exist, so all of them are given. */
export function missingStatuses(
  config: StepSite['vicidial']['config'],
  held: readonly StatusRow[] | null,
): MissingStatus[] {
  const missing = new Map<string, { outcomes: Set<string>; campaigns: Set<string> }>();
  for (const [campaign, { dispositions }] of Object.entries(config.campaigns)) {
    for (const [outcome, status] of Object.entries(dispositions)) {
      const exists = held?.some((row) => row.status === status && ['', campaign].includes(row.campaign_id));
      if (exists) continue;
      const entry = missing.get(status) ?? { outcomes: new Set(), campaigns: new Set() };
      entry.outcomes.add(outcome);
      entry.campaigns.add(campaign);
      missing.set(status, entry);
    }
  }
  return [...missing].map(([status, { outcomes, campaigns }]) => ({
    status,
    outcomes: [...outcomes],
    campaigns: [...campaigns],
    flags: [...new Set([...outcomes].flatMap((outcome): readonly StatusFlag[] => flagsOf[outcome] ?? conversation))],
  }));
}

/** The statuses to which outcomes are mapped. No API makes a status. */
export function statusesStep(site: StepSite): SetupStep {
  const { config } = site.vicidial;
  return {
    id: 'statuses',
    title: 'Statuses for the outcomes',
    kind: 'generated',
    phase: 'dialer',
    checks: ['statuses.there', 'statuses.not-dialled'],
    async describe() {
      const found = await site.seen();
      const missing = missingStatuses(config, found?.statuses ?? null);
      if (Object.values(config.campaigns).every(({ dispositions }) => Object.keys(dispositions).length === 0)) {
        return `No outcome is mapped yet: \`npx patchbay ${site.vicidial.id} propose-mapping\` makes a proposal out of the statuses that there are.`;
      }
      if (missing.length === 0) return 'Every status of the mapping exists.';
      return [
        found
          ? 'These are missing. No API makes them.'
          : "The mapping needs these; which of them exist can't be seen without the database. No API makes them.",
        `_Admin → Campaigns → Statuses_ for one campaign (${campaignNames(config).join(', ')}), _Admin → System Statuses_ for all: Selectable \`N\`, so that no person takes them for their own, all flags that are not named \`N\`.`,
        table(
          ['Status', 'Description', 'For', 'Flags with Y'],
          missing.map(({ status, outcomes, campaigns, flags }) => [
            status,
            `AI: ${outcomes.join(', ').replaceAll('_', ' ')}`.slice(0, 30),
            campaigns.join(', '),
            shownFlags
              .filter(([name]) => flags.includes(name))
              .map(([, label]) => label)
              .join(', ') || 'none',
          ]),
        ),
        'At most 6 letters: VICIdial cuts a seventh off without a word.',
      ].join('\n\n');
    },
  };
}
