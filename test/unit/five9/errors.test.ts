import { describe, expect, it } from 'vitest';
import { translateError } from '../../../connectors/five9/soap/errors.ts';

function soapFault(name: string, members: object = {}) {
  const fault = { detail: { [`${name}Fault`]: { message: 'Ada 2125550101', ...members } } };
  return Object.assign(new Error('Ada 2125550101'), {
    root: { Envelope: { Body: { Fault: fault } } },
    response: { status: 500 },
  });
}

describe('translateError', () => {
  it.each([
    ['OperationsLimitExceeded', 'dialer_limit', true, false],
    ['UserAlreadyLoggedIn', 'dialer_limit', true, false],
    ['AdminSessionClosed', 'dialer_limit', true, true],
    ['SessionClosed', 'dialer_limit', true, true],
    ['ConcurrentModification', 'dialer_away', true, false],
    ['ServiceUnavailable', 'dialer_away', true, false],
    ['InternalImport', 'dialer_away', true, true],
    ['Server', 'dialer_odd', true, true],
    ['ExecutionRestriction', 'dialer_limit', true, false],
    ['AccessDisallowed', 'dialer_denied', false, false],
    ['InvalidAccount', 'dialer_denied', false, false],
    ['CrmFieldNotFound', 'dialer_refused', false, false],
    ['DispositionNotFound', 'dialer_refused', false, false],
    ['WrongCampaignType', 'dialer_refused', false, false],
    ['NeverHeardOf', 'dialer_refused', false, false],
  ])('tells what happens next after %s', (fault, code, retryable, inDoubt) => {
    const error = translateError(soapFault(fault), 'asyncUpdateCampaignDispositions', true);

    expect(error).toMatchObject({ code, retryable, inDoubt });
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
