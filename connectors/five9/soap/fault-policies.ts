import type { ErrorCode, ErrorDetails } from '../../../src/domain/errors.ts';

/** What happens next after a fault. */
export interface FaultPolicy extends ErrorDetails {
  code: ErrorCode;
}

const shortWaitMs = 1000;
const minuteMs = 60_000;
const hourMs = 3_600_000;
export const tellSupport = 'Look at the Five9 status page; the row is tried again by itself.';

/**
 * What the fault means, by its name before `Fault`. One that is not known is tried again: an update of Five9 may bring
 * faults that pass, and tries are few. The last of them leaves the row dead, where an operator sees the name.
 */
export function faultPolicy(fault: string): FaultPolicy {
  return (
    policies[fault] ?? {
      code: 'dialer_odd',
      retryable: true,
      inDoubt: true,
      hint: `Look ${fault} up in Five9's documentation of its web services, and tell the makers of Patchbay.`,
    }
  );
}

const policies: Readonly<Record<string, FaultPolicy>> = {
  // Time heals.
  OperationsLimitExceeded: { code: 'dialer_limit', retryable: true, afterMs: minuteMs },
  UserAlreadyLoggedIn: busy(),
  AdminSessionClosed: { ...busy(), inDoubt: true },
  SessionClosed: { ...busy(), inDoubt: true },
  ConcurrentModification: { code: 'dialer_away', retryable: true },
  ServiceUnavailable: { code: 'dialer_away', retryable: true, hint: tellSupport },
  InternalImport: { code: 'dialer_odd', retryable: true, inDoubt: true, hint: tellSupport },
  Server: { code: 'dialer_odd', retryable: true, inDoubt: true, hint: tellSupport },
  ResultIsNotReady: { code: 'dialer_limit', retryable: true, afterMs: 2000 },
  UnknownIdentifier: { code: 'dialer_odd', retryable: true, inDoubt: true },
  ImportInProgress: { code: 'dialer_limit', retryable: true, afterMs: minuteMs },
  CampaignStateUpdate: { code: 'dialer_limit', retryable: true, afterMs: minuteMs },
  ExecutionRestriction: {
    code: 'dialer_limit',
    retryable: true,
    afterMs: hourMs,
    hint: 'Five9 allows this at some times only: DNC numbers at night, contact fields while no campaign runs.',
  },

  // The user, or its rights.
  AccessDisallowed: denied('Give the API user the Administrator role with the right to use the web services.'),
  InvalidAccount: denied('The Five9 account of this user is not active: ask Five9 support.'),
  UserHasNoRequiredRole: denied('Give the API user the Administrator role.'),

  // The row, or the request.
  MissedArgument: refused('The request lacked something: check names in the configuration of this dialer.'),
  IncorrectArgument: refused('Five9 does not accept a value: check names in the configuration of this dialer.'),
  InvalidImportData: refused('Five9 can not use the values of this row: check types of the mapped contact fields.'),
  AddRecordToList: refused(
    'Five9 does not take this record: check its numbers, its key and the mapped contact fields.',
  ),
  ImportCancelled: refused('Somebody cancelled the import in Five9. Replay the row.'),
  ImportSizeLimitExceeded: refused('Lower `batch.rows` and `batch.bulkRows`.'),
  TooManyItems: refused('Lower `batch.bulkRows`.'),
  InvalidRegexpPattern: refused('A name in the configuration can not be searched for.'),
  InvalidDateRange: refused('The end of the time asked for lies before its start.'),

  // What the configuration names and Five9 lacks.
  CrmFieldNotFound: refused('Create the contact field in Five9, or change `fields`, `keyField` or the mapping.'),
  ListNotFound: refused('Create the list in Five9, or change `callbackList`.'),
  CampaignNotFound: refused('The campaign is not in Five9 any more, or is named otherwise in the IVR script.'),
  DispositionNotFound: refused('Create the disposition in Five9, or change `campaigns.….dispositions`.'),
  ReportNotFound: refused(
    'Save the report in Five9, in a folder that the API user sees, or change `sync.report` or `callLog`. Names are in the language of the user.',
  ),
  AuthProfileNotFound: refused('Create the authorization profile in Five9, or change `imports.callback.authProfile`.'),
  IvrScriptNotFound: refused('Create the IVR script in Five9, or name another.'),
  IvrScriptOwnershipNotFound: refused('The IVR script belongs to somebody else: let the API user own it.'),
  ObjectNotFound: refused('What the message names is not in Five9 any more: create it, or name another.'),
  SkillNotFound: refused('Create the skill in Five9, or name another.'),
  PromptNotFound: refused('Upload the prompt in Five9, or name another.'),
  DialProfileNotFound: refused('Create the campaign profile in Five9, or name another.'),
  ReasonCodeNotFound: refused('Create the reason code in Five9, or name another.'),
  DNISNotFound: refused('Ask Five9 support for the number, or name another.'),

  // What is there already, or belongs elsewhere: whoever creates it compares first.
  ObjectAlreadyExists: exists(),
  CampaignAlreadyExists: exists(),
  ListAlreadyExists: exists(),
  ListAlreadyAssigned: exists(),
  DispositionAlreadyExists: exists(),
  DispositionIsAlreadyAssigned: exists(),
  DispositionAlreadyAssigned: exists(),
  SkillAlreadyExists: exists(),
  DNISAlreadyAssigned: refused('Take the number from the campaign that has it, or name another.'),
  DNISIsNotAssigned: refused('Assign the number to the campaign in Five9.'),
  ListIsNotAssigned: refused('Assign the list to the campaign in Five9.'),
  // Five9 spells it wrongly; the right spelling is there in case that it is mended.
  DispositionIsNotAssisgned: refused('Add the disposition to the campaign in Five9.'),
  DispositionIsNotAssigned: refused('Add the disposition to the campaign in Five9.'),
  DispositionNotAllowed: refused('Five9 does not allow this disposition for the campaign: take one of another type.'),
  ObjectsCountLimitExceeded: refused('The Five9 domain has as many as its contract allows: delete one, or ask Five9.'),
  ObjectInUse: refused('Something in Five9 uses it still: see where, then try again.'),
  ListCantBeRemoved: refused('A campaign uses the list still.'),
  SkillCantBeDeleted: refused('People or campaigns have the skill still.'),
  CantModifyObject: refused('Five9 does not let this be changed: it is one of its own.'),

  // Campaigns of the wrong kind.
  WrongCampaignType: refused('Dispositions can be written for outbound and autodial campaigns only.'),
  WrongCampaignState: refused('The campaign is in a state that does not allow this. Stop it, or replay the row later.'),
  CommonCampaign: refused('Five9 refuses it for this campaign: see its settings.'),
  AllowedOnlyForPreviewCampaign: refused('Five9 allows it for campaigns in preview mode only.'),
  WrongDialingMode: refused("The campaign's dialling mode does not fit: see its settings."),
  WrongListDialingMode: refused("The campaign's list dialling mode does not fit: see its settings."),
  TtsGenerationFailed: refused('Five9 could not speak the text: shorten it, or choose another voice.'),
};

function busy(): FaultPolicy {
  return {
    code: 'dialer_limit',
    retryable: true,
    afterMs: shortWaitMs,
    hint: 'Something else uses the same API user: give Patchbay users of its own.',
  };
}

function denied(hint: string): FaultPolicy {
  return { code: 'dialer_denied', retryable: false, hint };
}

function refused(hint: string): FaultPolicy {
  return { code: 'dialer_refused', retryable: false, hint };
}

function exists(): FaultPolicy {
  return refused('It is there already: compare it with what was to be made.');
}
