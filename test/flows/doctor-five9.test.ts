import type { Dialer } from '../../src/domain/dialer.ts';
import { namedChecks } from '../../src/flows/doctor/run-checks.ts';
import { type Break, describeBreaks } from '../support/break-checks.ts';
import { dialerFor, startHealthyFive9 } from '../support/healthy/five9.ts';
import {
  campaign,
  configured,
  contact,
  edited,
  entry,
  field,
  groupOf,
  inFive9,
  refusing,
  type Site,
  script,
  spring,
  user,
  winter,
  withoutErrorBranch,
  written,
} from '../support/healthy/five9-breaks.ts';

const publicUrl = 'https://patchbay.example.com';
const inbound = [`${publicUrl}/v1/platforms/sigmamind/inbound-call/<token>`];

const breaks: Readonly<Record<string, Break<Site> | readonly Break<Site>[]>> = {
  'soap.region': configured('the host has a path', ({ soap }) => {
    soap.host = `${soap.host}/wsadmin`;
  }),
  'soap.reachable': {
    what: 'nobody answers',
    async run({ simulator }) {
      simulator.failNext('down', { times: -1 });
      return async () => simulator.heal();
    },
  },
  'clock.apart': {
    what: 'our clock is an hour behind',
    async run(site) {
      site.clockOffsetMs = -3_600_000;
      return async () => {
        site.clockOffsetMs = 0;
      };
    },
  },
  'soap.login': configured('every password is wrong', ({ soap }) => {
    for (const each of soap.users) each.password = 'another';
  }),
  'users.credentials': configured('the password of the second user is wrong', ({ soap }) => {
    soap.users[1].password = 'another';
  }),
  'users.single-use': [
    configured('a user stands in the pool twice', ({ soap }) => {
      soap.users[1] = soap.users[0];
    }),
    refusing('somebody else is logged in as the user', 'getCallCountersState', 'UserAlreadyLoggedInFault'),
  ],
  'soap.version': configured('Five9 has no such version', ({ soap }) => {
    soap.version = 'v14';
  }),
  'users.rights': refusing('the user may not read scripts', 'getIVRScripts', 'AccessDisallowedFault'),
  'users.permissions': [
    user('the user is no administrator', { permissions: null }),
    user('the user has to change its password', { mustChangePassword: true }),
    user('a permission is not ticked', { permissions: { CanUseAdminSoapApi: true, ManageCRM: true } }, 'warn'),
    refusing('the user may not look at users', 'getUserInfo', 'AccessDisallowedFault', 'unknown'),
  ],
  'quota.left': {
    what: "somebody used up today's imports",
    status: 'warn',
    async run({ simulator }) {
      const giveBack = simulator.useUp('AsynchronousUpload');
      return async () => giveBack();
    },
  },
  'dnc.list': refusing('Five9 has trouble with its DNC list', 'checkDncForNumbers', 'ServerFault', 'unknown'),
  'dnc.window': configured(
    'the window is by day',
    (section) => {
      section.dncWindow = { from: '09:00', to: '17:00' };
    },
    'warn',
  ),
  'reports.saved': configured('the report has another name', ({ sync }) => {
    sync.report.name = 'Other leads';
  }),
  'fields.known': field('a field that is written is not there', 'ai_summary', null),
  'fields.types': field('the mark takes numbers only', 'ai_callback_mark', { type: 'NUMBER' }),
  'fields.mappings': field('Five9 does not fill it', 'last_agent_disposition', { mapTo: 'None' }),
  'fields.agents': configured(
    'no field for what agents say',
    ({ fields }) => {
      delete fields.lastAgentDisposition;
    },
    'warn',
  ),
  'fields.used': configured('a header comes from a field that is not there', ({ headers }) => {
    headers[2].from = 'nickname';
  }),
  'key.unique': contact('a contact was copied, key and all', 'patchbay_key', (first) => first),
  'key.values': contact('a contact came without a key', 'patchbay_key', () => '', 'warn'),
  'contacts.numbers': configured('the domain is no E.164 domain', (section) => {
    section.numberFormat = 'e164';
  }),
  'contacts.times': configured('the domain is elsewhere', (section) => {
    section.domainTimeZone = 'Pacific/Honolulu';
  }),
  'dispositions.known': inFive9('a disposition was removed', ({ dispositions }) =>
    entry(dispositions, 'AI - sale', () => null),
  ),
  'dispositions.types': [
    inFive9(
      'a callback is final',
      ({ dispositions }) => entry(dispositions, 'AI - Callback', (held) => ({ ...held, type: 'FinalDisp' as const })),
      'warn',
    ),
    inFive9(
      'who bought is dialled again',
      ({ dispositions }) => entry(dispositions, 'AI - sale', (held) => ({ ...held, type: 'RedialNumber' as const })),
      'warn',
    ),
  ],
  'variables.group': inFive9('the group is not there', ({ variableGroups }) =>
    entry(variableGroups, 'SigmaMind', () => null),
  ),
  'variables.known': inFive9('a variable is not there', (domain) => entry(groupOf(domain), 'summary', () => null)),
  'variables.types': inFive9('a variable takes numbers only', (domain) =>
    entry(groupOf(domain), 'intent', (held) => ({ ...held, type: 'NUMBER' as const })),
  ),
  'campaigns.known': inFive9('a campaign was deleted', ({ campaigns }) => entry(campaigns, winter, () => null)),
  'campaigns.type': [
    campaign('agents dial in preview mode', spring, { members: { dialingMode: 'PREVIEW' } }),
    campaign('an inbound campaign is configured', winter, { type: 'INBOUND' }, 'warn'),
  ],
  'campaigns.script': [
    campaign('expired calls are dropped', spring, { script: undefined }),
    campaign('the schedule is empty', winter, { script: undefined }),
  ],
  'campaigns.bound': campaign('it runs the script of another', spring, { script: `Patchbay ${winter}` }, 'warn'),
  'campaigns.state': campaign('it was stopped', spring, { state: 'NOT_RUNNING' }, 'warn'),
  'campaigns.dials': campaign('it waits for agents', winter, { members: { dialIfAgentsAvailable: true } }),
  'campaigns.queue-time': campaign(
    'customers wait for half a minute',
    spring,
    { members: { maxQueueTime: { days: 0, hours: 0, minutes: 0, seconds: 30 } } },
    'warn',
  ),
  'campaigns.machines': campaign(
    'machines go to the AI',
    spring,
    { members: { actionOnAnswerMachine: { actionType: 'START_IVR_SCRIPT', actionArgument: script } } },
    'warn',
  ),
  'campaigns.answer-detection': campaign(
    'nothing tells machines',
    spring,
    { members: { callAnalysisMode: 'NO_ANALYSIS' } },
    'warn',
  ),
  'campaigns.caller-id': campaign('the campaign shows itself', winter, { members: { dnisAsAni: false } }, 'warn'),
  'campaigns.connection': {
    what: 'no platform asks about calls that come in',
    async run(site) {
      site.inboundCallUrls = [];
      return async () => {
        site.inboundCallUrls = inbound;
      };
    },
  },
  'lists.in-campaign': campaign('no list', winter, { lists: [] }),
  'lists.filled': inFive9(
    'the list is empty',
    ({ lists }) => {
      const held = lists.get('Spring leads') ?? new Map();
      lists.set('Spring leads', new Map());
      return () => void lists.set('Spring leads', held);
    },
    'warn',
  ),
  'callbacks.list': inFive9('no campaign has it', ({ campaigns }) => {
    const mends = [spring, winter].map((name) =>
      entry(campaigns, name, (held) => ({ ...held, lists: ['Spring leads'] })),
    );
    return () => {
      for (const mend of mends) mend();
    };
  }),
  'scripts.exist': [
    inFive9('a script was deleted', ({ scripts }) => entry(scripts, script, () => null)),
    written('it is no script any more', () => '<ivrScript'),
  ],
  'scripts.ours': written('it asks somebody else', (xml) =>
    xml.replaceAll(`${publicUrl}/v1/ivr/`, 'https://elsewhere.example.com/api/'),
  ),
  'scripts.seed': inFive9('it was deleted', ({ scripts }) => entry(scripts, 'Patchbay seed', () => null), 'warn'),
  'scripts.number': edited('it calls another number', '+19895551235', '+19895559999'),
  'scripts.number-form': edited('the number has no +', '+19895551235', '9895551235', 'warn'),
  'scripts.address': edited('it names another dialer', '/v1/ivr/five9/outcome', '/v1/ivr/other/outcome'),
  'scripts.authorization': [
    edited('a Query has no profile', /<authProfileHolder>[\s\S]*?<\/authProfileHolder>/, ''),
    edited('a Query has another profile', '<name>Patchbay</name>', '<name>Old profile</name>', 'warn'),
  ],
  'scripts.timeout': edited('a Query waits for half a minute', '<fetchTimeout>5<', '<fetchTimeout>30<'),
  'scripts.error-branch': written('a Query has no error branch', withoutErrorBranch),
  'scripts.parameters': edited('register is not told the call', '<key>call_id</key>', '<key>caller</key>'),
  'scripts.answers': edited('a group goes nowhere', '<variable>ai_callback_at<', '<variable>nowhere<'),
  'scripts.send-data': edited('Send Data is off', '<send3rdParty>true<', '<send3rdParty>false<'),
  'headers.names': edited('a key has no X-', '<value>X-first_name<', '<value>first_name<'),
  'scripts.return': edited('the call does not come back', '<returnAfter3rdParty>true<', '<returnAfter3rdParty>false<'),
  'scripts.time': edited('calls are cut after five minutes', '<maxTimeOf3rdParty>1800<', '<maxTimeOf3rdParty>300<'),
  'scripts.branches': edited(
    'a branch waits for what never comes',
    /<value>callback<\/value>/,
    '<value>call back</value>',
  ),
  'scripts.dnc': edited('Set DNC is empty', /<numberToAdd>[\s\S]*?<\/numberToAdd>/, '', 'warn'),
  'scripts.choices': edited('no disposition is chosen', /<id>100\d<\/id>/, '<id>0</id>', 'warn'),
  'scripts.variables': edited('it names a field that is not there', 'Contact.first_name', 'Contact.nickname'),
  'scripts.secrets': edited(
    'the key stands in a header',
    '<headers/>',
    '<headers><entry><key>X-API-Key</key><value><isVarSelected>false</isVarSelected><stringValue><value>pb_0123456789abcdef</value><id>0</id></stringValue></value></entry></headers>',
  ),
  'scripts.audit': edited('two modules have one name', '>Read headers<', '>Screen pop<', 'warn'),
  'handoff.number': [
    campaign('nobody can dial the help line', 'Help line', { dnis: [] }),
    configured('the help line has another number', ({ campaigns }) => {
      Object.assign(campaigns[winter].script, { inboundCampaign: 'Help line', inboundNumber: '+18885550188' });
    }),
  ],
  'skills.known': inFive9('the skill was deleted', ({ skills }) => {
    const held = skills.splice(0);
    return () => void skills.push(...held);
  }),
};

describeBreaks<Site>('the checks of Five9', {
  breaks,
  async start() {
    const healthy = await startHealthyFive9({ publicUrl, isWide: true });
    const site: Site = { ...healthy, clockOffsetMs: 0, inboundCallUrls: inbound };
    const dialers = new Map<string, Dialer>();
    // One for each configuration, as a process has one: the SOAP client is costly to make.
    const dialer = () => {
      const { section, clockOffsetMs, inboundCallUrls } = site;
      const key = JSON.stringify([section, clockOffsetMs, inboundCallUrls]);
      const known = dialers.get(key) ?? dialerFor('five9', section, { publicUrl, clockOffsetMs, inboundCallUrls });
      dialers.set(key, known);
      return known;
    };
    return {
      site,
      checks: () => namedChecks([dialer()]),
      async stop() {
        for (const each of dialers.values()) await each.close();
        await healthy.stop();
      },
    };
  },
});
