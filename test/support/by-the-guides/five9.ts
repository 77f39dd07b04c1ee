import { assumedElements } from '../../simulators/five9/ivr/modules/third-party-transfer.ts';
import {
  caseOf,
  hangUp,
  module,
  put,
  query,
  script,
  setVariable,
  skillTransfer,
  start,
  text,
  variable,
} from '../../simulators/five9/ivr/write-script.ts';
import type { HealthyFive9 } from '../healthy/five9.ts';

/** The guide's name for its script. */
export const firstTouch = 'SigmaMind-FirstTouch';

const spring = 'Spring outbound';
const customFields = [
  'patchbay_key',
  'last_disposition',
  'last_disposition_at',
  'last_agent_disposition',
  'last_agent_disposition_at',
  'ai_callback_mark',
  'ai_summary',
];

/** Takes out of a domain what no guide has made, and sets it up by the guide, word for word. */
export function enterByTheGuide({ simulator }: Pick<HealthyFive9, 'simulator'>): void {
  simulator.change(({ dispositions, variableGroups, scripts, lists, contacts, campaigns }) => {
    for (const name of [...dispositions.keys()]) if (name.startsWith('AI - ')) dispositions.delete(name);
    variableGroups.delete('SigmaMind');
    lists.delete('AI callbacks');
    scripts.clear();
    for (const name of customFields) contacts.removeField(name);
    const held = campaigns.get(spring);
    if (!held) throw new Error(`Five9 has no ${spring}`);
    // Step 2: a predictive campaign. Where its answered calls would be routed to a script, there is no setting.
    const { script: _none, ...rest } = held;
    campaigns.set(spring, {
      ...rest,
      type: 'OUTBOUND',
      state: 'RUNNING',
      lists: ['Spring leads'],
      members: { dialingMode: 'PREDICTIVE' },
    });
  });
  simulator.seed({ scripts: [{ name: firstTouch, xmlDefinition: asTheGuideSays() }] });
}

/** Step 1 and 5: both Queries ask SigmaMind for what its API does not have; nothing is said of errors or of time. */
function asTheGuideSays(): string {
  const api = 'https://api.sigmamind.ai/v1/calls';
  const transfer = {
    thirdPartyNumber: text('+19895551235'),
    returnAfter3rdParty: true,
    send3rdParty: true,
    [assumedElements.send]: 'lead',
    receive3rdParty: false,
    maxTimeOf3rdParty: 300,
    ringingTimeout: 10,
  };
  const parameters = [
    ['correlation_id', variable('Call.call_id')],
    ['ani', variable('Call.ANI')],
  ] as const;
  const keys = ['first_name', 'last_name', 'city', 'state'].map((name) =>
    put('lead', `X-${name}`, variable(`Contact.${name}`)),
  );
  const reference = { regexp: '"reference":"([^"]*)"', groups: ['reference'] };
  const qualification = { regexp: '"qualification":"([^"]*)"', groups: ['qualification'] };
  return script(
    [
      start('Register'),
      query('Register', { url: api, method: 'POST', parameters, rules: [reference] }, { next: 'Lead' }),
      setVariable('Lead', [...keys, put('lead', 'X-phone_number', variable('Call.number'))], 'Transfer'),
      module('thirdPartyTransfer', 'Transfer', transfer, { next: 'Fetch' }),
      query(
        'Fetch',
        { url: api, parameters: [['reference', variable('reference')]], rules: [qualification] },
        { next: 'Result' },
      ),
      caseOf('Result', 'qualification', { qualified: 'People', not_qualified: 'End' }, 'End'),
      skillTransfer('People', 'End'),
      hangUp('End', 0, 'No Disposition', false),
    ],
    { lead: [], reference: '', qualification: '' },
  );
}
