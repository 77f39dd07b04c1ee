/** What counts against which limit of the domain. `null`: not limited. */
const categories = {
  getApiVersions: 'Query',
  getCallCountersState: null,
  closeSession: null,
  getContactRecords: 'Query',
  getContactFields: 'Query',
  updateCrmRecord: 'SingleUpload',
  asyncUpdateCrmRecords: 'AsynchronousUpload',
  updateContacts: 'Upload',
  getCrmImportResult: 'Query',
  getListsInfo: 'Query',
  getListsForCampaign: 'Query',
  addRecordToList: 'SingleUpload',
  asyncAddRecordsToList: 'AsynchronousUpload',
  deleteRecordFromList: 'SingleUpload',
  getListImportResult: 'Query',
  isImportRunning: 'Query',
  getDispositions: 'Query',
  asyncUpdateCampaignDispositions: 'AsynchronousUpload',
  updateDispositions: 'Upload',
  getDispositionsImportResult: 'Query',
  addNumbersToDnc: 'Upload',
  removeNumbersFromDnc: 'Modify',
  checkDncForNumbers: 'Query',
  getCampaigns: 'Query',
  runReport: 'ReportRequest',
  isReportRunning: 'Query',
  getReportResultCsv: 'RetrieveReport',
  getIVRScripts: 'Query',
  createIVRScript: 'Modify',
  modifyIVRScript: 'Modify',
  deleteIVRScript: 'Modify',
  getSkills: 'Query',
  getSkillInfo: 'Query',
  createContactField: 'Modify',
  modifyContactField: 'Modify',
  getCallVariableGroups: 'Query',
  getCallVariables: 'Query',
  createCallVariablesGroup: 'Modify',
  createCallVariable: 'Modify',
  createDisposition: 'Modify',
  addDispositionsToCampaign: 'Modify',
  createList: 'Modify',
  addListsToCampaign: 'Modify',
  getCampaignState: 'Query',
  getOutboundCampaign: 'Query',
  getInboundCampaign: 'Query',
  getAutodialCampaign: 'Query',
  setDefaultIVRSchedule: 'Modify',
  getCampaignDNISList: 'Query',
  getDNISList: 'Query',
  getUserInfo: 'Query',
  modifyOutboundCampaign: 'Modify',
  modifyInboundCampaign: 'Modify',
  modifyAutodialCampaign: 'Modify',
  addDNISToCampaign: 'Modify',
  removeDNISFromCampaign: 'Modify',
  deleteContactField: 'Modify',
  deleteCallVariable: 'Modify',
  deleteCallVariablesGroup: 'Modify',
  removeDisposition: 'Modify',
  removeDispositionsFromCampaign: 'Modify',
  deleteList: 'Modify',
  removeListsFromCampaign: 'Modify',
  createSkill: 'Modify',
  deleteSkill: 'Modify',
  deleteFromContacts: 'Upload',
} as const satisfies Readonly<Record<string, string | null>>;

/** The operations of five9.wsdl. */
export type Operation = keyof typeof categories;

export const operationNames = Object.keys(categories) as readonly Operation[];

/** The category of limits that an operation is counted in; empty when it is not limited. */
export function categoryOf(operation: Operation): string {
  return categories[operation] ?? '';
}

/** All categories that an operation is counted in: one is documented under two. */
export function categoriesOf(operation: Operation): readonly string[] {
  const category = categoryOf(operation);
  if (!category) return [];
  return operation === 'addNumbersToDnc' ? [category, 'Modify'] : [category];
}

/** True when the operation changes something, so that a lost answer leaves its effect in doubt. */
export function isWriteOperation(operation: Operation): boolean {
  return ['SingleUpload', 'AsynchronousUpload', 'Upload', 'Modify'].includes(categoryOf(operation));
}
