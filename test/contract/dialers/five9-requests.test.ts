import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Five9Config } from '../../../connectors/five9/config.ts';
import { createScriptOperations } from '../../../connectors/five9/ivr/script/script-operations.ts';
import { isReportRunning, reportCsv, runReport } from '../../../connectors/five9/read/report-operations.ts';
import { rewriteCampaign } from '../../../connectors/five9/setup/campaign-rewrite.ts';
import { createSetupOperations } from '../../../connectors/five9/setup/setup-operations.ts';
import { createApi, type Five9Api } from '../../../connectors/five9/soap/api.ts';
import { type Operation, operationNames } from '../../../connectors/five9/soap/operations.ts';
import { Anything } from '../../../connectors/five9/soap/schema.ts';
import { createImportOperations } from '../../../connectors/five9/write/import-operations.ts';
import { nobodysLease } from '../../../src/domain/lease.ts';
import { type Five9Simulator, startFive9Simulator } from '../../simulators/five9/five9-simulator.ts';
import { invalidRequests } from '../../support/soap-requests.ts';

const ownWsdl = fileURLToPath(new URL('../../../connectors/five9/soap/five9.wsdl', import.meta.url));
/** Five9's own WSDL with the schemas that it imports beside it. Not part of the project: it is Five9's. */
const realWsdl = process.env.PATCHBAY_FIVE9_WSDL ?? '';
const soapUser = { user: 'ada', password: 'analytical-engine' };
const ada = '2125550101';
/** By day in California: the DNC list takes no numbers. */
const noon = Date.parse('2026-03-02T20:00:00.000Z');
const clock = { now: () => noon, sleep: async () => undefined };

/** Requests of each operation, as the connector sends them. The simulator's strict reading must like them too. */
async function capture(simulator: Five9Simulator): Promise<void> {
  const config = Five9Config.parse({
    type: 'five9',
    soap: { host: simulator.url, users: [soapUser] },
    domainTimeZone: 'America/New_York',
    keyField: 'number1',
  });
  const silent = () => undefined;
  const api = createApi(
    {
      clock,
      log: { debug: silent, info: silent, warn: silent, error: silent },
      newId: randomUUID,
      random: () => 0.5,
      readCursor: async () => '',
      writeCursor: async () => undefined,
      withLease: (_name, work) => work(new AbortController().signal, nobodysLease),
    },
    'five9',
    config,
  );
  await readThings(api);
  await importThings(api);
  await setUpThings(api);
  const scripts = createScriptOperations(api);
  const created = await scripts.create('Patchbay & Co');
  await scripts.modify({ ...created, description: '', xml: created.xml.replace('en-US', 'en-GB') });
  await scripts.find('Patchbay & Co');
  await scripts.skills();
  await api.call('setDefaultIVRSchedule', scheduleOf('Help line'), Anything);
  await scripts.remove('Patchbay & Co').catch(silent);
  await changeCampaigns(api);
  await takeThingsBack(api);
  const five9 = { config, api } as Parameters<typeof runReport>[0];
  const { signal } = new AbortController();
  const log = { folder: 'Call Log Reports', name: 'Call Log' };
  const identifier = await runReport(five9, log, { start: noon - 86_400_000, end: noon }, signal);
  await isReportRunning(api, identifier, 5, signal);
  await reportCsv(five9, identifier, signal);
  await api.call('runReport', { folderName: log.folder, reportName: log.name, criteria: byCampaign }, Anything);
  await api.close();
}

async function readThings(api: Five9Api): Promise<void> {
  await api.versions();
  await api.counters();
  await api.contacts({ number1: ada, last_name: '' });
  await api.contactFields();
  await api.campaigns();
  await api.dispositions();
  await api.listsOfCampaign('Spring');
  await api.checkDnc([ada, '2125550102']);
  await api.addDnc([ada]).catch(() => undefined);
  await api.removeDnc([ada]);
  const named: [Operation, object][] = [
    ['getListsInfo', { listNamePattern: '^Leads$' }],
    ['getCampaigns', { campaignNamePattern: '^Spring$', campaignType: 'OUTBOUND' }],
    ['getCampaignState', { campaignName: 'Spring', waitUntilChange: 1 }],
    ['getOutboundCampaign', { campaignName: 'Spring' }],
    ['getInboundCampaign', { campaignName: 'Help line' }],
    ['getAutodialCampaign', { campaignName: 'Autodial' }],
    ['getCampaignDNISList', { campaignName: 'Help line' }],
    ['getDNISList', { selectUnassigned: true }],
    ['getUserInfo', { userName: 'ada' }],
    ['getCallVariableGroups', { namePattern: '^Patchbay$' }],
    ['getCallVariables', {}],
  ];
  for (const [operation, args] of named) await api.call(operation, args, Anything);
}

async function importThings(api: Five9Api): Promise<void> {
  const callback = { url: 'https://patchbay.example.com/five9/imports', authProfile: 'Patchbay' };
  const imports = createImportOperations(api, callback);
  const key = { field: 'number1', isKey: true };
  const columns = [key, { field: 'ai_summary', isKey: false }];
  const summary = [ada, 'Wants <b> & "a quote" – in May'];
  await imports.updateContact(columns, summary);
  const crm = await imports.updateContacts(columns, [summary, summary], false);
  await imports.updateContacts(columns, [summary], true);
  const sale = [ada, 'AI - Sale'];
  const disp = await imports.updateDispositions('Spring', [key], [sale], false);
  await imports.updateDispositions('Spring', [key], [sale, sale], true);
  const list = await imports.addToList('AI callbacks', columns, [[...summary, '1790000000000']], 'Spring');
  await imports.isRunning(crm, 5);
  await imports.result('crm', crm);
  await imports.result('disp', disp);
  await imports.result('list', list);
  await imports.dialNow('Leads', [key], [ada], { resetIn: 'Spring', isNew: false });
  await imports.removeFromList('AI callbacks', 'number1', ada);
  await api.call('addRecordToList', onlyByKey, Anything);
}

async function setUpThings(api: Five9Api): Promise<void> {
  const field = {
    displayAs: 'Long',
    mapTo: 'None',
    name: 'patchbay_key',
    restrictions: [{ type: 'Regexp', value: '^[a-z0-9]+$' }],
    system: false,
    type: 'STRING',
  };
  const things: [Operation, object][] = [
    ['createContactField', { field }],
    ['modifyContactField', { field }],
    ['createCallVariablesGroup', { name: 'Patchbay', description: 'What the AI found out' }],
    ['createCallVariable', { variable: callVariable }],
    ['createDisposition', { disposition: redial }],
    ['addDispositionsToCampaign', { campaignName: 'Summer', dispositions: ['AI - Again'] }],
    ['createList', { listName: 'More' }],
    ['addListsToCampaign', { campaignName: 'Summer', lists: [{ listName: 'More', priority: 1 }] }],
  ];
  for (const [operation, args] of things) await api.call(operation, args, Anything);
}

/** Whole campaigns are read, changed in a member, and sent back. */
async function changeCampaigns(api: Five9Api): Promise<void> {
  const action = { actionArgument: 'Patchbay & Co', actionType: 'START_IVR_SCRIPT', maxWaitTime: second };
  await rewriteCampaign(api, { name: 'Spring', type: 'OUTBOUND' }, { actionOnQueueExpiration: action });
  await rewriteCampaign(api, { name: 'Autodial', type: 'AUTODIAL' }, { dnisAsAni: true });
  await rewriteCampaign(api, { name: 'Help line', type: 'INBOUND' }, { maxNumOfLines: 5 });
}

async function takeThingsBack(api: Five9Api): Promise<void> {
  const setup = createSetupOperations(api);
  await setup.createSkill('Sales & more');
  await setup.peopleInSkill('Sales & more');
  await setup.assignNumber('Help line', '8885550188');
  const things: [Operation, object][] = [
    ['deleteSkill', { skillName: 'Sales & more' }],
    ['removeDNISFromCampaign', { campaignName: 'Help line', DNISList: ['8885550188'] }],
    ['removeListsFromCampaign', { campaignName: 'Summer', lists: ['More'] }],
    ['deleteList', { listName: 'More' }],
    ['removeDispositionsFromCampaign', { campaignName: 'Summer', dispositions: ['AI - Again'] }],
    ['removeDisposition', { dispositionName: 'AI - Again' }],
    ['deleteCallVariable', { name: 'outcome', groupName: 'Patchbay' }],
    ['deleteCallVariablesGroup', { name: 'Patchbay' }],
    ['deleteContactField', { fieldName: 'patchbay_key' }],
  ];
  for (const [operation, args] of things) await api.call(operation, args, Anything);
  await createImportOperations(api, null).deleteContacts('number1', [ada]);
}

const second = { days: 0, hours: 0, minutes: 0, seconds: 1 };
/** Every kind of member that a campaign may have. */
const members = {
  description: 'Dials & hands over',
  profileName: 'Spring profile',
  autoRecord: true,
  callWrapup: { agentNotReady: true, dispostionName: 'No answer', enabled: true, timeout: second },
  ftpHost: 'files.example.com',
  ftpPassword: 'a password',
  ftpUser: 'files',
  recordingNameAsSid: true,
  useFtp: true,
};
const dialled = {
  ...members,
  analyzeLevel: 20,
  CRMRedialTimeout: second,
  dnisAsAni: false,
  enableListDialingRatios: false,
  listDialingMode: 'VERTICAL_DIALING',
  noOutOfNumbersAlert: true,
  stateDialingRule: 'REGION',
  timeZoneAssignment: 'PHONE_NUMBER',
};
const outbound = {
  ...dialled,
  callAnalysisMode: 'FAX_ONLY',
  callsAgentRatio: '1.5',
  dialNumberOnTimeout: false,
  dialingMode: 'PREDICTIVE',
  dialingPriority: 3,
  dialingRatio: 50,
  distributionAlgorithm: 'RoundRobin',
  distributionTimeFrame: 'minutes15',
  limitPreviewTime: false,
  maxDroppedCallsPercentage: '2.5',
  maxPreviewTime: second,
  monitorDroppedCalls: true,
  previewDialImmediately: false,
  useTelemarketingMaxQueTimeEq1: true,
};
const autodial = {
  ...dialled,
  agentAvailability: 'LoggedIn',
  agentSkillName: 'Sales',
  dialIfAgentsAvailable: false,
  maxNumOfLines: 3,
};
const callVariable = {
  applyToAllDispositions: true,
  defaultValue: 'none',
  description: 'What became of the call',
  dispositions: ['AI - Sale'],
  group: 'Patchbay',
  name: 'outcome',
  reporting: true,
  restrictions: [{ type: 'MaxValue', value: '255' }],
  sensitiveData: false,
  type: 'STRING',
};
const redial = {
  agentMustCompleteWorksheet: false,
  agentMustConfirm: false,
  description: 'Not reached',
  name: 'AI - Again',
  resetAttemptsCounter: false,
  sendEmailNotification: false,
  sendIMNotification: false,
  trackAsFirstCallResolution: false,
  type: 'RedialNumber',
  typeParameters: {
    allowChangeTimer: false,
    attempts: 3,
    timer: { days: 0, hours: 4, minutes: 0, seconds: 0 },
    useTimer: true,
  },
};
const onlyByKey = {
  listName: 'AI callbacks',
  listUpdateSettings: {
    allowDataCleanup: false,
    failOnFieldParseError: true,
    fieldsMapping: [{ columnNumber: 1, fieldName: 'number1', key: true }],
    skipHeaderLine: false,
    callTime: 1_790_000_000_000,
    cleanListBeforeUpdate: false,
    crmAddMode: 'DONT_ADD',
    crmUpdateMode: 'DONT_UPDATE',
    listAddMode: 'ADD_IF_SOLE_CRM_MATCH',
  },
  record: { fields: [ada] },
};
const byCampaign = {
  reportObjects: [{ objectNames: ['Spring'], objectType: 'Campaign' }],
  time: { end: '2026-03-03T00:00:00.000-08:00', start: '2026-03-02T00:00:00.000-08:00' },
};

function scheduleOf(campaignName: string) {
  return { campaignName, scriptName: 'Patchbay & Co', params: [{ name: 'route', value: 'ai' }], isChatEnabled: false };
}

describe('the requests of the Five9 connector', () => {
  let simulator: Five9Simulator;
  beforeAll(async () => {
    simulator = await startFive9Simulator({
      clock,
      users: [{ name: soapUser.user, password: soapUser.password }],
      importDelayMs: 0,
      reportDelayMs: 0,
      seed: {
        campaigns: [
          { name: 'Spring', state: 'NOT_RUNNING', lists: ['Leads', 'AI callbacks'], members: outbound },
          { name: 'Summer', state: 'NOT_RUNNING', dispositions: ['AI - Sale'] },
          { name: 'Autodial', type: 'AUTODIAL', state: 'NOT_RUNNING', members: autodial },
          { name: 'Help line', type: 'INBOUND', state: 'NOT_RUNNING', members },
        ],
        dispositions: ['AI - Sale'],
        dnis: ['8885550188'],
        contactFields: [{ name: 'ai_summary' }],
        contacts: [{ fields: { number1: ada, first_name: 'Ada' }, lists: ['Leads'] }],
      },
    });
    await capture(simulator);
  });
  afterAll(() => simulator.stop());

  const bodies = () => simulator.requests().map(({ body }) => body);

  it('are captured for every operation that there is', () => {
    const captured = new Set(simulator.requests().map(({ operation }) => operation));

    expect(operationNames.filter((operation) => !captured.has(operation))).toEqual([]);
  });

  it('are what the simulator takes, but for the DNC list by day and a script in use', () => {
    const refused = simulator.requests().filter(({ fault }) => fault !== '');

    expect(refused.map(({ operation, fault }) => `${operation} ${fault}`).sort()).toEqual([
      'addNumbersToDnc ExecutionRestrictionFault',
      'deleteIVRScript ObjectInUseFault',
    ]);
  });

  it('send a changed campaign back with everything that it had', () => {
    const sent = (operation: string) => bodies().find((body) => body.includes(`<tns:${operation}>`)) ?? '';

    for (const name of Object.keys(outbound)) expect(sent('modifyOutboundCampaign')).toContain(`<${name}>`);
    for (const name of Object.keys(autodial)) expect(sent('modifyAutodialCampaign')).toContain(`<${name}>`);
    expect(sent('modifyInboundCampaign')).toContain('<scriptParameters><name>route</name><value>ai</value>');
    expect(sent('modifyInboundCampaign')).not.toContain('<state>');
  });

  it('fit the schema of our own WSDL', async () => {
    expect(await invalidRequests(ownWsdl, bodies())).toEqual(new Map());
  });

  it("fit the schema of Five9's own WSDL", async ({ skip }) => {
    // Five9's WSDL is not ours to ship; with its path here it is checked too.
    skip(realWsdl === '', 'set PATCHBAY_FIVE9_WSDL to the path of the WSDL, with swaref.xsd beside it');
    expect(await invalidRequests(realWsdl, bodies())).toEqual(new Map());
  });

  it('would be found out if they were in another order, or had a word too many', async () => {
    const lookup = bodies().find((body) => body.includes('<criteria>')) ?? '';
    const swapped = lookup.replace(/(<field>.*?<\/field>)(<value>.*?<\/value>)/, '$2$1');
    const unknown = lookup.replace('</lookupCriteria>', '<more>1</more></lookupCriteria>');
    const settings = bodies().find((body) => body.includes('<tns:updateCrmRecord>')) ?? '';
    const extended = settings.replace(/(<skipHeaderLine>.*?<\/skipHeaderLine>)(<crmAddMode>.*?<\/crmAddMode>)/, '$2$1');

    const wrong = await invalidRequests(ownWsdl, [lookup, swapped, unknown, settings, extended]);

    expect([...wrong.keys()]).toEqual([1, 2, 4]);
  });
});
