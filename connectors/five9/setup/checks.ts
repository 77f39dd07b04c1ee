import type { Check } from '../../../src/domain/connector.ts';
import type { Five9 } from '../five9.ts';
import { callVariableChecks } from './check-call-variables.ts';
import { campaignChecks } from './check-campaigns.ts';
import { contactChecks } from './check-contacts.ts';
import { dispositionChecks } from './check-dispositions.ts';
import { scriptChecks } from './check-scripts.ts';
import { serviceChecks } from './check-service.ts';

/**
 * What the doctor asks Five9, in the order in which an admin sets it up; what the configuration does not use is left out.
 * Nothing is changed, and a log-in that was refused is not tried again. To add one: `checkOf` in the file of its subject.
 */
export function checks(five9: Five9): readonly Check[] {
  return [
    ...serviceChecks(five9),
    ...contactChecks(five9),
    ...dispositionChecks(five9),
    ...callVariableChecks(five9),
    ...campaignChecks(five9),
    ...scriptChecks(five9),
  ];
}
