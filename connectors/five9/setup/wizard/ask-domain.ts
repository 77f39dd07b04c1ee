import type { Asker, WizardSite } from '../../../../src/domain/setup.ts';
import { TimeZone } from '../../time-zone.ts';
import { standardFields } from '../plan-contact-fields.ts';
import type { DomainFacts } from './domain-facts.ts';
import { presentText } from './present.ts';

type Site = Pick<WizardSite<never>, 'id' | 'present'>;

const zones: Readonly<Record<string, string>> = {
  'https://api.five9.com': 'America/Los_Angeles',
  'https://api.five9.eu': 'Europe/London',
  'https://api.eu.five9.com': 'Europe/Berlin',
  'https://api.five9.ca': 'America/Toronto',
  'https://api.in.five9.com': 'Asia/Kolkata',
};

const mustBeGiven = (answer: string) => (answer.trim() ? null : 'It must be given.');

/** What holds for the whole domain, and what no web service tells of it. */
export async function askDomain(
  ask: Asker,
  { id, present }: Site,
  host: string,
  facts: DomainFacts | null,
): Promise<Record<string, unknown>> {
  const domainTimeZone = await ask.text({
    key: `${id}.domainTimeZone`,
    message: "The domain's default time zone, as an IANA name (VCC Administrator → Actions → Configure → Other)",
    byDefault: presentText(present, 'domainTimeZone') || zones[host] || 'America/Los_Angeles',
    judge: (answer) => (TimeZone.safeParse(answer).success ? null : 'Give a name such as America/New_York.'),
  });
  const numberFormat = await ask.choose({
    key: `${id}.numberFormat`,
    message: 'How are phone numbers written in contacts?',
    choices: [
      { value: 'national', label: '10 digits, or 011 and the number', hint: 'most domains' },
      { value: 'e164', label: '+ and digits', hint: 'domains that Five9 has switched' },
    ],
    byDefault: presentText(present, 'numberFormat') === 'e164' ? 'e164' : 'national',
  });
  const keyField = await ask.text({
    key: `${id}.keyField`,
    message: `Contact field that is to be the key: a text field of our own, unique.${existing(facts)}`,
    byDefault: presentText(present, 'keyField') || 'patchbay_key',
    judge: (answer) => (standardFields.has(answer) ? 'Not a standard field.' : mustBeGiven(answer)),
  });
  const callbackList = await ask.text({
    key: `${id}.callbackList`,
    message: `List that takes callbacks; set-up makes it.${facts ? ` There are: ${facts.lists.join(', ') || 'none'}` : ''}`,
    byDefault: presentText(present, 'callbackList') || 'AI callbacks',
    judge: mustBeGiven,
  });
  const callVariableGroup = await ask.text({
    key: `${id}.callVariableGroup`,
    message: "Group of call variables for the agents' screen; set-up makes it",
    byDefault: presentText(present, 'ivr', 'callVariableGroup') || 'SigmaMind',
    judge: mustBeGiven,
  });
  const seedScript = presentText(present, 'ivr', 'seedScript') || 'Patchbay seed';
  return {
    ...{ domainTimeZone, numberFormat, keyField, callbackList },
    fields: fieldsOf(present, facts),
    ivr: { callVariableGroup, seedScript },
  };
}

function existing(facts: DomainFacts | null): string {
  const own = (facts?.fields ?? []).filter(({ name, type, mapTo }) => isOwn(name, type, mapTo)).map(({ name }) => name);
  return own.length > 0 ? ` There are: ${own.join(', ')}` : '';
}

function isOwn(name: string, type: string, mapTo: string): boolean {
  return !standardFields.has(name) && type === 'STRING' && (mapTo || 'None') === 'None';
}

const mappings = {
  lastDisposition: ['LastDisposition', 'last_disposition'],
  lastDispositionAt: ['LastDispositionDateTime', 'last_disposition_at'],
  lastAgentDisposition: ['LastAgentDisposition', 'last_agent_disposition'],
  lastAgentDispositionAt: ['LastAgentDispositionDateTime', 'last_agent_disposition_at'],
} as const;

/** Fields that Five9 fills: the domain's own where it has them, else new ones. */
function fieldsOf(present: unknown, facts: DomainFacts | null): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [key, [mapTo, name]] of Object.entries(mappings)) {
    const held = facts?.fields.find((field) => field.mapTo === mapTo)?.name;
    fields[key] = presentText(present, 'fields', key) || held || name;
  }
  fields.callbackMark = presentText(present, 'fields', 'callbackMark') || 'ai_callback_mark';
  return fields;
}
