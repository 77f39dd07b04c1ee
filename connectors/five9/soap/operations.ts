/** What counts against which limit of the domain. `null`: not limited. */
const categories = {
  getApiVersions: 'Query',
  getCallCountersState: null,
  closeSession: null,
  getContactRecords: 'Query',
  getContactFields: 'Query',
  updateCrmRecord: 'SingleUpload',
  asyncUpdateCrmRecords: 'AsynchronousUpload',
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
  getDispositionsImportResult: 'Query',
  addNumbersToDnc: 'Upload',
  removeNumbersFromDnc: 'Modify',
  checkDncForNumbers: 'Query',
  getCampaigns: 'Query',
} as const satisfies Readonly<Record<string, string | null>>;

/** The operations of five9.wsdl. */
export type Operation = keyof typeof categories;

/** The category of limits that an operation is counted in; empty when it is not limited. */
export function categoryOf(operation: Operation): string {
  return categories[operation] ?? '';
}

/** True when the operation changes something, so that a lost answer leaves its effect in doubt. */
export function isWriteOperation(operation: Operation): boolean {
  return ['SingleUpload', 'AsynchronousUpload', 'Upload', 'Modify'].includes(categoryOf(operation));
}
