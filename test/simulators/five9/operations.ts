import { setupShapes } from './setup-shapes.ts';
import { emptiable, flag, int, long, many, node, oneOf, required, type Shape, text } from './shapes.ts';

/** Five9's categories of requests, each with its own limits. */
export type Category =
  | 'Query'
  | 'Modify'
  | 'SingleUpload'
  | 'AsynchronousUpload'
  | 'Upload'
  | 'ReportRequest'
  | 'RetrieveReport';

export interface OperationShape {
  /** In which limits it counts; none for what is not limited. */
  categories: readonly Category[];
  children: readonly Shape[];
}

const fieldEntry = many(node('fieldsMapping', required(int('columnNumber')), text('fieldName'), required(flag('key'))));

/** The start of every kind of import settings; the kinds add their children after these. */
const basicSettings = [
  flag('allowDataCleanup'),
  text('callbackAuthProfileName'),
  oneOf('callbackFormat', 'XML', 'JSON'),
  text('callbackUrl'),
  text('countryCode'),
  flag('failOnFieldParseError'),
  fieldEntry,
  text('reportEmail'),
  text('separator'),
  required(flag('skipHeaderLine')),
];

const crmModes = [
  oneOf('crmAddMode', 'ADD_NEW', 'DONT_ADD'),
  oneOf('crmUpdateMode', 'UPDATE_FIRST', 'UPDATE_ALL', 'UPDATE_SOLE_MATCHES', 'DONT_UPDATE'),
];

const crmUpdateSettings = required(node('crmUpdateSettings', ...basicSettings, ...crmModes));

const listUpdateSettings = required(
  node(
    'listUpdateSettings',
    ...basicSettings,
    int('callNowColumnNumber'),
    oneOf('callNowMode', 'NONE', 'NEW_CRM_ONLY', 'NEW_LIST_ONLY', 'ANY'),
    long('callTime'),
    int('callTimeColumnNumber'),
    required(flag('cleanListBeforeUpdate')),
    ...crmModes,
    oneOf('listAddMode', 'ADD_FIRST', 'ADD_ALL', 'ADD_IF_SOLE_CRM_MATCH'),
  ),
);

const listDeleteSettings = required(
  node(
    'listDeleteSettings',
    ...basicSettings,
    oneOf('listDeleteMode', 'DELETE_ALL', 'DELETE_IF_SOLE_CRM_MATCH', 'DELETE_EXCEPT_FIRST'),
  ),
);

const dispositionChildren = [
  ...basicSettings,
  text('commonDispositionValue'),
  required(int('dispositionColumnNumber')),
  oneOf('dispositionsUpdateMode', 'UPDATE_ALL', 'UPDATE_IF_SOLE_CRM_MATCH'),
  required(flag('updateToCommonDisposition')),
  required(flag('warnIfNoCrmMatchFound')),
];

const importData = required(node('importData', many(node('values', many(emptiable(text('item')))))));
const record = required(node('record', many(emptiable(text('fields')))));
const identifier = required(node('identifier', required(text('identifier'))));
const numbers = required(many(text('numbers')));

const lookupCriteria = node(
  'lookupCriteria',
  text('contactIdField'),
  many(node('criteria', required(text('field')), emptiable(text('value')))),
);

function operation(categories: readonly Category[], ...children: Shape[]): OperationShape {
  return { categories, children };
}

/** The operations that the simulator serves, with the children of each in the order of the service's own schema. */
export const operations = {
  getApiVersions: operation(['Query']),
  getCallCountersState: operation([]),
  closeSession: operation([]),
  getContactRecords: operation(['Query'], emptiable(lookupCriteria)),
  getContactFields: operation(['Query'], text('namePattern')),
  updateCrmRecord: operation(['SingleUpload'], crmUpdateSettings, record),
  asyncUpdateCrmRecords: operation(['AsynchronousUpload'], crmUpdateSettings, importData),
  updateContacts: operation(['Upload'], crmUpdateSettings, importData),
  getCrmImportResult: operation(['Query'], identifier),
  deleteFromContacts: operation(
    ['Upload'],
    required(
      node(
        'crmDeleteSettings',
        ...basicSettings,
        oneOf('crmDeleteMode', 'DELETE_ALL', 'DELETE_SOLE_MATCHES', 'DELETE_EXCEPT_FIRST'),
      ),
    ),
    importData,
  ),
  addRecordToList: operation(['SingleUpload'], required(text('listName')), listUpdateSettings, record),
  asyncAddRecordsToList: operation(
    ['AsynchronousUpload'],
    required(text('listName')),
    listUpdateSettings,
    importData,
    many(text('resetDispositionsInCampaignsImportData')),
  ),
  deleteRecordFromList: operation(['SingleUpload'], required(text('listName')), listDeleteSettings, record),
  getListImportResult: operation(['Query'], identifier),
  isImportRunning: operation(['Query'], identifier, long('waitTime')),
  asyncUpdateCampaignDispositions: operation(
    ['AsynchronousUpload'],
    required(text('campaignName')),
    required(node('dispositionsUpdateSettings', ...dispositionChildren)),
    importData,
  ),
  // With a capital D, other than its asynchronous sister.
  updateDispositions: operation(
    ['Upload'],
    required(text('campaignName')),
    required(node('DispositionsUpdateSettings', ...dispositionChildren)),
    importData,
  ),
  getDispositionsImportResult: operation(['Query'], identifier),
  getDispositions: operation(['Query'], text('dispositionNamePattern')),
  // Five9 lists this one under two categories.
  addNumbersToDnc: operation(['Modify', 'Upload'], numbers),
  removeNumbersFromDnc: operation(['Modify'], numbers),
  checkDncForNumbers: operation(['Query'], numbers),
  getCampaigns: operation(
    ['Query'],
    text('campaignNamePattern'),
    oneOf('campaignType', 'INBOUND', 'OUTBOUND', 'AUTODIAL'),
  ),
  getListsForCampaign: operation(['Query'], required(text('campaignName'))),
  getListsInfo: operation(['Query'], text('listNamePattern')),
  ...setupShapes,
} as const satisfies Readonly<Record<string, OperationShape>>;

export type OperationName = keyof typeof operations;

export function isOperation(name: string): name is OperationName {
  return Object.hasOwn(operations, name);
}
