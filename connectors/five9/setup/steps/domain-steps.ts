import type { Five9 } from '../../five9.ts';
import { callVariablesOf, planCallVariables } from '../plan-call-variables.ts';
import { contactFieldsOf, planContactFields } from '../plan-contact-fields.ts';
import { planDispositions, typeFor, wantedDispositions } from '../plan-dispositions.ts';
import { planSkills, skillsOf } from '../plan-skills.ts';
import { plannedStep, type StepOf } from './making.ts';

/** What the domain needs before any campaign: fields, variables, dispositions, skills, the key of the Queries. */
export function domainSteps(five9: Five9): StepOf[] {
  return [contactFields(five9), callVariables(five9), dispositions(five9), skill(five9), authProfile(five9)];
}

function contactFields(five9: Five9): StepOf {
  const wanted = contactFieldsOf(five9.config);
  return plannedStep(
    five9,
    {
      id: 'contact-fields',
      title: 'Contact fields',
      phase: 'dialer',
      checks: ['fields.known', 'fields.types', 'fields.mappings', 'fields.agents', 'key.unique'],
      describe: () =>
        [
          'Stop all campaigns first: Five9 makes contact fields only while none runs. By hand: VCC Administrator → Contact Fields → Add.',
          '',
          '| name | data type | mapping | display as |',
          '| --- | --- | --- | --- |',
          ...wanted.map(({ name, type, mapTo, displayAs }) => `| ${name} | ${type} | ${mapTo} | ${displayAs} |`),
          '',
          `\`${five9.config.keyField}\` is the key by which Patchbay knows a contact. Fields with a mapping are filled by Five9 itself: without them Patchbay can't see that a person was faster.`,
          '',
          'Taking a field back deletes what contacts hold in it.',
        ].join('\n'),
    },
    planContactFields,
  );
}

function callVariables(five9: Five9): StepOf {
  const { callVariableGroup: group } = five9.config.ivr;
  const plan = async (site: Five9) => (group ? planCallVariables(site) : { things: [], obstacle: '' });
  return plannedStep(
    five9,
    {
      id: 'call-variables',
      title: 'Call variables for the screen pop',
      phase: 'dialer',
      checks: ['variables.group', 'variables.known', 'variables.types'],
      describe: () =>
        group
          ? [
              `VCC Administrator → Call Variables → Add Group \`${group}\`, and in it:`,
              '',
              '| name | type | restriction (regular expression) | reporting | sensitive |',
              '| --- | --- | --- | --- | --- |',
              ...callVariablesOf(five9.config, group).map(
                ({ name, type, pattern, isReported, isSensitive }) =>
                  `| ${name} | ${type} | \`${pattern}\` | ${isReported ? 'yes' : 'no'} | ${isSensitive ? 'yes' : 'no'} |`,
              ),
              '',
              'Show them to agents by hand: VCC Administrator → Campaign Profiles → the profile of the campaign → Layout.',
            ].join('\n')
          : 'Not used: name a group in `ivr.callVariableGroup`, and agents see what the AI found out.',
    },
    plan,
  );
}

function dispositions(five9: Five9): StepOf {
  const wanted = [...wantedDispositions(five9.config)];
  return plannedStep(
    five9,
    {
      id: 'dispositions',
      title: 'Dispositions',
      phase: 'dialer',
      checks: ['dispositions.known', 'dispositions.types'],
      describe: () =>
        [
          'By hand: VCC Administrator → Dispositions → Add; then Campaigns → the campaign → Dispositions → Add. The type decides what the dialer does with the record.',
          '',
          '| disposition | type | for the outcomes | campaigns |',
          '| --- | --- | --- | --- |',
          ...wanted.map(
            ([name, { outcomes, campaigns }]) =>
              `| ${name} | ${typeFor(outcomes)} | ${[...outcomes].join(', ')} | ${campaigns.join(', ') || 'all others: add it by hand'} |`,
          ),
          '',
          'What is there already keeps its type. Five9 does not tell which dispositions a campaign has: each is added, and one that is there stays as it is.',
          '',
          'Taking a disposition back takes it from every campaign: what set-up made, add to other campaigns only if it shall stay.',
        ].join('\n'),
    },
    async (site) => withAssignments(await planDispositions(site)),
  );
}

/** Whether a campaign has a disposition can't be seen. */
function withAssignments(plan: Awaited<ReturnType<typeof planDispositions>>): typeof plan {
  const things = plan.things.flatMap((thing) => {
    if (thing.state !== 'there' || !thing.makings) return [thing];
    const { makings, ...rest } = thing;
    const detail = 'Five9 does not tell whether it is there: it is added, unless it is';
    const assignments = makings.map((making) => ({
      ...{ what: making.what, state: 'unseen' as const, detail },
      makings: [making],
    }));
    return [rest, ...assignments];
  });
  return { ...plan, things };
}

function skill(five9: Five9): StepOf {
  return plannedStep(
    five9,
    {
      id: 'skill',
      title: 'Skill for the people who take over',
      phase: 'dialer',
      checks: ['skills.known'],
      describe: () =>
        [
          ...skillsOf(five9.config).map((name) => `- \`${name}\``),
          '',
          'Set-up makes a skill that is missing. Give it people by hand: VCC Administrator → Skills → the skill → Users → Add. Without anybody ready in it, customers wait in its queue.',
        ].join('\n'),
    },
    planSkills,
  );
}

function authProfile({ id, config }: Five9): StepOf {
  const { authProfile: profile } = config.ivr;
  const client = `${id}-ivr`;
  return {
    id: 'auth-profile',
    title: 'Authorization profile of the Query modules',
    kind: 'manual',
    phase: 'dialer',
    checks: ['scripts.authorization', 'scripts.secrets'],
    describe: () =>
      [
        'No web service makes it. In the VCC Administrator, where the authorization profiles of the IVR are (Actions → Configure → IVR in most versions), add one:',
        '',
        '| field | value |',
        '| --- | --- |',
        `| Name | \`${profile}\` |`,
        '| Kind | Basic |',
        `| User | the client's name in the configuration of Patchbay: \`${client}\`, if the set-up made it |`,
        `| Password | its API key: the set-up keeps it among the secrets as \`${keyName(client)}\`; for a client of your own \`npx patchbay key\` prints key and hash |`,
        '',
        'Where your domain offers headers only: `Authorization: Bearer <key>`, or `X-API-Key: <key>`. Never write the key into a module: whoever sees the script could read it.',
        '',
        'The client needs `may: [dialer]` under `clients`.',
      ].join('\n'),
  };
}

/** As the site's secrets name the key of a client. */
function keyName(client: string): string {
  return `${client.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_KEY`;
}
