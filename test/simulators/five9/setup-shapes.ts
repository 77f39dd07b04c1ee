import type { OperationShape } from './operations.ts';
import { contactFieldTypes, dispositionTypes, fieldMappings } from './options.ts';
import { emptiable, flag, int, long, many, node, oneOf, required, type Shape, text } from './shapes.ts';

const query = (...children: Shape[]): OperationShape => ({ categories: ['Query'], children });
const modify = (...children: Shape[]): OperationShape => ({ categories: ['Modify'], children });
const campaignName = required(text('campaignName'));
const restrictions = many(node('restrictions', text('type'), text('value')));

const contactField = required(
  node(
    'field',
    oneOf('displayAs', 'Short', 'Long', 'Invisible'),
    oneOf('mapTo', ...fieldMappings),
    required(text('name')),
    restrictions,
    flag('system'),
    oneOf('type', ...contactFieldTypes),
  ),
);

const callVariable = required(
  node(
    'variable',
    flag('applyToAllDispositions'),
    text('defaultValue'),
    text('description'),
    many(text('dispositions')),
    required(text('group')),
    required(text('name')),
    flag('reporting'),
    restrictions,
    flag('sensitiveData'),
    oneOf('type', ...contactFieldTypes),
  ),
);

const timer = node('timer', ...['days', 'hours', 'minutes', 'seconds'].map((name) => required(int(name))));
const disposition = required(
  node(
    'disposition',
    flag('agentMustCompleteWorksheet'),
    flag('agentMustConfirm'),
    text('description'),
    required(text('name')),
    flag('resetAttemptsCounter'),
    flag('sendEmailNotification'),
    flag('sendIMNotification'),
    flag('trackAsFirstCallResolution'),
    oneOf('type', ...dispositionTypes),
    node('typeParameters', flag('allowChangeTimer'), int('attempts'), timer, flag('useTimer')),
  ),
);

const lists = required(
  many(
    node(
      'lists',
      text('campaignName'),
      int('dialingPriority'),
      int('dialingRatio'),
      required(text('listName')),
      int('priority'),
    ),
  ),
);

const reportCriteria = node(
  'criteria',
  many(node('reportObjects', many(text('objectNames')), text('objectType'))),
  node('time', text('end'), text('start')),
);

const scriptDef = required(
  node('scriptDef', emptiable(text('description')), required(text('name')), text('xmlDefinition')),
);

/** What sets a domain up, scripts and reports: categories, and children in the order of the service's own schema. */
export const setupShapes = {
  createContactField: modify(contactField),
  modifyContactField: modify(contactField),
  getCallVariableGroups: query(text('namePattern')),
  getCallVariables: query(text('namePattern'), text('groupName')),
  createCallVariablesGroup: modify(required(text('name')), text('description')),
  createCallVariable: modify(callVariable),
  createDisposition: modify(disposition),
  addDispositionsToCampaign: modify(
    campaignName,
    required(many(text('dispositions'))),
    flag('isSkipPreviewDisposition'),
  ),
  createList: modify(required(text('listName'))),
  addListsToCampaign: modify(campaignName, lists),
  getCampaignState: query(campaignName, long('waitUntilChange')),
  getOutboundCampaign: query(campaignName),
  getInboundCampaign: query(campaignName),
  getAutodialCampaign: query(campaignName),
  setDefaultIVRSchedule: modify(
    campaignName,
    required(text('scriptName')),
    many(node('params', required(text('name')), emptiable(text('value')))),
    flag('isVisualModeEnabled'),
    flag('isChatEnabled'),
  ),
  getCampaignDNISList: query(campaignName),
  getDNISList: query(flag('selectUnassigned')),
  getIVRScripts: query(text('namePattern')),
  createIVRScript: modify(required(text('name'))),
  modifyIVRScript: modify(scriptDef),
  deleteIVRScript: modify(required(text('name'))),
  getSkills: query(text('skillNamePattern')),
  runReport: {
    categories: ['ReportRequest'],
    children: [required(text('folderName')), required(text('reportName')), reportCriteria],
  },
  isReportRunning: query(required(text('identifier')), required(long('timeout'))),
  getReportResultCsv: { categories: ['RetrieveReport'], children: [required(text('identifier'))] },
} as const satisfies Readonly<Record<string, OperationShape>>;
