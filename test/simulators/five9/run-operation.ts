import type { Clock } from '../../../src/domain/clock.ts';
import * as changes from './campaign-changes.ts';
import * as campaigns from './campaign-operations.ts';
import {
  asyncUpdateCrmRecords,
  getContactFields,
  getContactRecords,
  updateContacts,
  updateCrmRecord,
} from './contact-operations.ts';
import { asyncUpdateCampaignDispositions, getDispositions, updateDispositions } from './disposition-operations.ts';
import { addNumbersToDnc, checkDncForNumbers, removeNumbersFromDnc } from './dnc.ts';
import type { Five9Domain } from './five9-domain.ts';
import type { ImportKind } from './import-queue.ts';
import {
  addRecordToList,
  asyncAddRecordsToList,
  deleteRecordFromList,
  getListsForCampaign,
  getListsInfo,
} from './list-operations.ts';
import type { OperationName } from './operations.ts';
import type { RateLimits } from './rate-limits.ts';
import * as removals from './remove-operations.ts';
import { getReportResultCsv, isReportRunning, runReport } from './report-operations.ts';
import { createIVRScript, deleteIVRScript, getIVRScripts, modifyIVRScript } from './script-operations.ts';
import * as setup from './setup-operations.ts';
import type { Args } from './shapes.ts';
import { getUserInfo } from './user-operations.ts';
import type { XmlContent } from './xml.ts';

/** What an operation answers as `return`; undefined for a void one. May throw a SoapFault. */
export type RunOperation = (operation: OperationName, args: Args) => XmlContent | Promise<XmlContent>;

type Handler = (domain: Five9Domain, args: Args) => XmlContent | Promise<XmlContent>;

const handlers: Readonly<Record<Exclude<OperationName, 'getCallCountersState'>, Handler>> = {
  getApiVersions: () => ({ maxVersion: 'v13', minVersion: '' }),
  closeSession: () => undefined,
  getContactRecords,
  getContactFields,
  updateCrmRecord,
  asyncUpdateCrmRecords,
  updateContacts,
  getCrmImportResult: importResult('crm'),
  addRecordToList,
  asyncAddRecordsToList,
  deleteRecordFromList,
  getListImportResult: importResult('list'),
  isImportRunning,
  asyncUpdateCampaignDispositions,
  updateDispositions,
  getDispositionsImportResult: importResult('disposition'),
  getDispositions,
  addNumbersToDnc,
  removeNumbersFromDnc,
  checkDncForNumbers,
  getCampaigns: campaigns.getCampaigns,
  getCampaignState: campaigns.getCampaignState,
  getOutboundCampaign: campaigns.getOutboundCampaign,
  getInboundCampaign: campaigns.getInboundCampaign,
  getAutodialCampaign: campaigns.getAutodialCampaign,
  setDefaultIVRSchedule: campaigns.setDefaultIVRSchedule,
  getCampaignDNISList: campaigns.getCampaignDNISList,
  getDNISList: campaigns.getDNISList,
  modifyOutboundCampaign: changes.modifyOutboundCampaign,
  modifyInboundCampaign: changes.modifyInboundCampaign,
  modifyAutodialCampaign: changes.modifyAutodialCampaign,
  addDispositionsToCampaign: campaigns.addDispositionsToCampaign,
  addListsToCampaign: campaigns.addListsToCampaign,
  getListsForCampaign,
  getListsInfo,
  createContactField: setup.createContactField,
  modifyContactField: setup.modifyContactField,
  createDisposition: setup.createDisposition,
  createList: setup.createList,
  getCallVariableGroups: setup.getCallVariableGroups,
  getCallVariables: setup.getCallVariables,
  createCallVariablesGroup: setup.createCallVariablesGroup,
  createCallVariable: setup.createCallVariable,
  getSkills: setup.getSkills,
  getSkillInfo: setup.getSkillInfo,
  getUserInfo,
  addDNISToCampaign: removals.addDNISToCampaign,
  removeDNISFromCampaign: removals.removeDNISFromCampaign,
  deleteContactField: removals.deleteContactField,
  deleteCallVariable: removals.deleteCallVariable,
  deleteCallVariablesGroup: removals.deleteCallVariablesGroup,
  removeDisposition: removals.removeDisposition,
  removeDispositionsFromCampaign: removals.removeDispositionsFromCampaign,
  deleteList: removals.deleteList,
  removeListsFromCampaign: removals.removeListsFromCampaign,
  createSkill: removals.createSkill,
  deleteSkill: removals.deleteSkill,
  deleteFromContacts: removals.deleteFromContacts,
  getIVRScripts,
  createIVRScript,
  modifyIVRScript,
  deleteIVRScript,
  runReport,
  isReportRunning,
  getReportResultCsv,
};

/** The operations on a domain. */
export function createRunOperation(domain: Five9Domain, limits: RateLimits): RunOperation {
  return (operation, args) => {
    domain.imports.settle();
    return operation === 'getCallCountersState' ? limits.state() : handlers[operation](domain, args);
  };
}

function importResult(kind: ImportKind): Handler {
  return (domain, args) => domain.imports.result(kind, args.node('identifier').text('identifier'));
}

/** `waitTime` (seconds): how long the answer may be held back while the import runs. */
async function isImportRunning(domain: Five9Domain, args: Args): Promise<boolean> {
  const readyAt = domain.imports.readyAt(args.node('identifier').text('identifier'));
  const leftMs = leftUntil(readyAt, domain.clock);
  const waitMs = (args.number('waitTime') ?? 0) * 1000;
  if (leftMs > 0 && waitMs > 0) await domain.clock.sleep(Math.min(leftMs, waitMs));
  domain.imports.settle();
  return leftUntil(readyAt, domain.clock) > 0;
}

function leftUntil(at: number, clock: Clock): number {
  return at - clock.now();
}
