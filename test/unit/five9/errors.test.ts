import { describe, expect, it } from 'vitest';
import { translateError } from '../../../connectors/five9/soap/errors.ts';
import { isOutage } from '../../../src/domain/delivery.ts';

function soapFault(name: string, members: object = {}) {
  const fault = { detail: { [`${name}Fault`]: { message: 'Ada 2125550101', ...members } } };
  return Object.assign(new Error('Ada 2125550101'), {
    root: { Envelope: { Body: { Fault: fault } } },
    response: { status: 500 },
  });
}

describe('translateError', () => {
  // Every fault that the operations of Patchbay may meet, with the spelling of Five9.
  const table: readonly [code: string, retryable: boolean, inDoubt: boolean, faults: string][] = [
    ['dialer_limit', true, false, 'OperationsLimitExceeded UserAlreadyLoggedIn ResultIsNotReady ImportInProgress'],
    ['dialer_limit', true, false, 'ExecutionRestriction CampaignStateUpdate'],
    ['dialer_limit', true, true, 'AdminSessionClosed SessionClosed'],
    ['dialer_away', true, false, 'ConcurrentModification ServiceUnavailable'],
    ['dialer_odd', true, true, 'InternalImport'],
    ['dialer_odd', true, true, 'Server UnknownIdentifier NeverHeardOf'],
    ['dialer_denied', false, false, 'AccessDisallowed InvalidAccount UserHasNoRequiredRole'],
    ['dialer_refused', false, false, 'MissedArgument IncorrectArgument InvalidImportData ImportCancelled'],
    ['dialer_refused', false, false, 'AddRecordToList ImportSizeLimitExceeded TooManyItems InvalidRegexpPattern'],
    ['dialer_refused', false, false, 'CrmFieldNotFound ListNotFound CampaignNotFound DispositionNotFound'],
    ['dialer_refused', false, false, 'ReportNotFound AuthProfileNotFound IvrScriptNotFound ObjectNotFound'],
    ['dialer_refused', false, false, 'ObjectAlreadyExists ListAlreadyExists ListAlreadyAssigned ListIsNotAssigned'],
    ['dialer_refused', false, false, 'DispositionAlreadyExists DispositionIsAlreadyAssigned DispositionNotAllowed'],
    ['dialer_refused', false, false, 'DispositionIsNotAssisgned DispositionIsNotAssigned ObjectsCountLimitExceeded'],
    ['dialer_refused', false, false, 'WrongCampaignType WrongCampaignState CommonCampaign CantModifyObject'],
    ['dialer_refused', false, false, 'AllowedOnlyForPreviewCampaign WrongListDialingMode InvalidDateRange'],
    ['dialer_refused', false, false, 'SkillNotFound PromptNotFound DialProfileNotFound ReasonCodeNotFound'],
    ['dialer_refused', false, false, 'DNISNotFound DNISAlreadyAssigned DNISIsNotAssigned ObjectInUse'],
  ];
  const faults = table.flatMap(([code, retryable, inDoubt, names]) =>
    names.split(' ').map((name) => [name, code, retryable, inDoubt] as const),
  );

  it.each(faults)('tells what happens next after %s: %s', (fault, code, retryable, inDoubt) => {
    const error = translateError(soapFault(fault), 'asyncUpdateCampaignDispositions', true);

    expect(error).toMatchObject({ code, retryable, inDoubt });
    if (!retryable) expect(error.hint).not.toBe('');
  });

  it('leaves nothing in doubt after a read', () => {
    const doubts = faults.map(([fault]) => translateError(soapFault(fault), 'getDispositions', false).inDoubt);

    expect(doubts).not.toContain(true);
  });

  it('knows the one fault whose name does not end so', () => {
    const fault = { detail: { TtsGenerationFailed: { message: 'no' } } };

    const error = translateError({ root: { Envelope: { Body: { Fault: fault } } } }, 'getCampaigns', false);

    expect(error).toMatchObject({ code: 'dialer_refused', retryable: false });
  });

  it('names things of the domain, but no people', () => {
    const error = translateError(soapFault('CampaignNotFound', { campaignName: 'Spring' }), 'getCampaigns', false);

    expect(error.message).toContain('Spring');
    expect(JSON.stringify([error.message, error.hint, error.cause])).not.toContain('Ada');
    expect(error.hint).not.toBe('');
  });

  it('takes the plain object that a 401 page becomes for a refused login', () => {
    const error = translateError({ Fault: {}, response: { status: 401 }, body: '<html>' }, 'getApiVersions', false);

    expect(error).toMatchObject({ code: 'dialer_denied', retryable: false });
  });

  it('takes half an answer for no word of Five9, and a fault that it does not know for one', () => {
    const half = translateError({ response: { status: 200 } }, 'getContactRecords', false);
    const fault = translateError(soapFault('NeverHeardOf', {}), 'getContactRecords', false);

    expect([half.code, isOutage(half)]).toEqual(['dialer_odd', true]);
    expect([fault.code, isOutage(fault)]).toEqual(['dialer_odd', false]);
  });

  it.each([
    ['ECONNABORTED', true, true],
    ['ECONNRESET', true, true],
    ['ECONNREFUSED', true, false],
    ['ECONNABORTED', false, false],
  ])('leaves a call in doubt only when it may have arrived: %s, write %s', (code, isWrite, inDoubt) => {
    const error = translateError(Object.assign(new Error('x'), { code }), 'updateCrmRecord', isWrite);

    expect(error).toMatchObject({ code: 'dialer_away', retryable: true, inDoubt });
  });
});
