import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dialer } from '../../src/domain/dialer.ts';
import { type Checked, namedChecks, runChecks } from '../../src/flows/doctor/run-checks.ts';
import { assumedElements } from '../simulators/five9/ivr/modules/third-party-transfer.ts';
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
} from '../simulators/five9/ivr/write-script.ts';
import type { Campaign } from '../simulators/five9/options.ts';
import { dialerFor, type Five9Section, type HealthyFive9, startHealthyFive9 } from '../support/healthy/five9.ts';

const publicUrl = 'https://patchbay.example.com';
const spring = 'Spring outbound';
const firstTouch = 'SigmaMind-FirstTouch';
const opened: Dialer[] = [];
let site: HealthyFive9;

beforeAll(async () => {
  site = await startHealthyFive9({ publicUrl });
});
afterAll(async () => {
  for (const dialer of opened) await dialer.close();
  await site.stop();
});

function connect(section: Five9Section, inboundCallUrls: readonly string[] = []): Dialer {
  const dialer = dialerFor('five9', section, { publicUrl, inboundCallUrls });
  opened.push(dialer);
  return dialer;
}

const examine = (dialer: Dialer) => runChecks(namedChecks([dialer]));
const wrong = (checked: readonly Checked[]) =>
  checked.filter(({ status }) => status === 'fail' || status === 'warn').map(({ id }) => id.replace('five9:', ''));

function change(more: Partial<Campaign>): void {
  site.simulator.change(({ campaigns }) => {
    const held = campaigns.get(spring);
    if (held) campaigns.set(spring, { ...held, ...more, members: { ...held.members, ...more.members } });
  });
}

/** The script as the guide has it: both Queries ask SigmaMind, nothing is said of errors, times or a correlation ID. */
function asTheGuideSays(ask: { register: string; outcome: string }): string {
  const transfer = {
    thirdPartyNumber: text('+19895551235'),
    returnAfter3rdParty: true,
    send3rdParty: true,
    [assumedElements.send]: 'lead',
    receive3rdParty: false,
    maxTimeOf3rdParty: 300,
    ringingTimeout: 20,
  };
  const rules = [{ regexp: '"reference":"([^"]*)"', groups: ['reference'] }];
  const result = [{ regexp: '"qualification":"([^"]*)"', groups: ['qualification'] }];
  const parameters = [['ani', variable('Call.ANI')]] as const;
  return script(
    [
      start('Register'),
      query('Register', { url: ask.register, method: 'POST', parameters, rules }, { next: 'Lead' }),
      setVariable('Lead', [put('lead', 'X-first_name', variable('Contact.first_name'))], 'Transfer'),
      module('thirdPartyTransfer', 'Transfer', transfer, { next: 'Fetch' }),
      query(
        'Fetch',
        { url: ask.outcome, parameters: [['reference', variable('reference')]], rules: result },
        { next: 'Result' },
      ),
      caseOf('Result', 'qualification', { qualified: 'People', not_qualified: 'End' }, 'End'),
      skillTransfer('People', 'End'),
      hangUp('End', 1001, 'AI - Talked', true),
    ],
    { lead: [], reference: '', qualification: '' },
  );
}

function install(xmlDefinition: string): void {
  site.simulator.seed({ scripts: [{ name: firstTouch, xmlDefinition }] });
}

describe('a Five9 domain that was set up by the guide, word for word', () => {
  it('shows every fault of the guide, and each fix turns its check', async () => {
    const section = structuredClone(site.section);
    section.campaigns[spring].script.name = firstTouch;
    const dialer = connect(section);
    const api = 'https://api.example.com/v1/calls';
    install(asTheGuideSays({ register: api, outcome: api }));
    const halfMinute = { days: 0, hours: 0, minutes: 0, seconds: 30 };
    change({
      type: 'OUTBOUND',
      script: undefined,
      lists: [],
      members: { dialingMode: 'PREVIEW', maxQueueTime: halfMinute },
    });
    site.simulator.seed({ campaigns: [{ name: 'Others', state: 'RUNNING', lists: ['AI callbacks'] }] });

    expect(wrong(await examine(dialer))).toEqual(['campaigns.type', 'lists.in-campaign', 'scripts.ours']);

    change({ members: { dialingMode: 'PREDICTIVE' }, lists: ['Spring leads'] });
    expect(wrong(await examine(dialer))).toEqual(['campaigns.script', 'campaigns.queue-time', 'scripts.ours']);

    change({ script: firstTouch, members: { useTelemarketingMaxQueTimeEq1: true } });
    expect(wrong(await examine(dialer))).toEqual(['scripts.ours']);

    // The Queries ask Patchbay, and nothing else is changed.
    const ours = `${publicUrl}/v1/ivr/five9`;
    install(asTheGuideSays({ register: `${ours}/register`, outcome: `${ours}/outcome` }));
    const asking = await examine(dialer);
    expect(wrong(asking)).toEqual([
      'scripts.error-branch',
      'scripts.parameters',
      'scripts.answers',
      'headers.names',
      'scripts.time',
      'scripts.branches',
      'scripts.audit',
    ]);
    expect(asking.find(({ id }) => id === 'five9:headers.names')?.found).toContain('X-correlation_id is not put');

    const scriptCommand = dialer.commands?.find(({ name }) => name === 'script');
    const output = { write: () => undefined, isTerminal: false, isJson: false };
    expect(await scriptCommand?.run([], { all: true, apply: true, force: true }, output)).toBe(0);
    expect(wrong(await examine(dialer))).toEqual([]);
  }, 60_000);

  it('shows over a carrier that nobody can tell the calls apart', async () => {
    const section = structuredClone(site.section);
    section.campaigns[spring].script.name = firstTouch;
    section.campaigns[spring].connection = 'carrier';
    change({ members: { dnisAsAni: false } });

    expect(wrong(await examine(connect(section)))).toEqual(['campaigns.caller-id', 'campaigns.connection']);

    const webhook = [`${publicUrl}/v1/platforms/sigmamind/inbound-call/<token>`];
    expect(wrong(await examine(connect(section, webhook)))).toEqual(['campaigns.caller-id']);

    change({ members: { dnisAsAni: true } });
    expect(wrong(await examine(connect(section, webhook)))).toEqual([]);
  }, 60_000);
});
