import { campaignMembers } from './campaign-shapes.ts';
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

const skillInfo = required(
  node(
    'skillInfo',
    node(
      'skill',
      text('description'),
      long('id'),
      text('messageOfTheDay'),
      required(text('name')),
      flag('routeVoiceMails'),
    ),
    many(node('users', long('id'), required(int('level')), text('skillName'), text('userName'))),
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
  getUserInfo: query(text('userName')),
  modifyOutboundCampaign: modify(required(node('campaign', ...campaignMembers.OUTBOUND))),
  modifyInboundCampaign: modify(required(node('campaign', ...campaignMembers.INBOUND))),
  modifyAutodialCampaign: modify(required(node('campaign', ...campaignMembers.AUTODIAL))),
  addDNISToCampaign: modify(campaignName, required(many(text('DNISList')))),
  removeDNISFromCampaign: modify(campaignName, required(many(text('DNISList')))),
  deleteContactField: modify(required(text('fieldName'))),
  deleteCallVariable: modify(required(text('name')), required(text('groupName'))),
  deleteCallVariablesGroup: modify(required(text('name'))),
  removeDisposition: modify(required(text('dispositionName'))),
  removeDispositionsFromCampaign: modify(campaignName, required(many(text('dispositions')))),
  deleteList: modify(required(text('listName'))),
  removeListsFromCampaign: modify(campaignName, required(many(text('lists')))),
  createSkill: modify(skillInfo),
  deleteSkill: modify(required(text('skillName'))),
  getIVRScripts: query(text('namePattern')),
  createIVRScript: modify(required(text('name'))),
  modifyIVRScript: modify(scriptDef),
  deleteIVRScript: modify(required(text('name'))),
  getSkills: query(text('skillNamePattern')),
  getSkillInfo: query(required(text('skillName'))),
  runReport: {
    categories: ['ReportRequest'],
    children: [required(text('folderName')), required(text('reportName')), reportCriteria],
  },
  isReportRunning: query(required(text('identifier')), required(long('timeout'))),
  getReportResultCsv: { categories: ['RetrieveReport'], children: [required(text('identifier'))] },
} as const satisfies Readonly<Record<string, OperationShape>>;
