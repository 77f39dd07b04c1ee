import type { Check } from '../../../src/domain/connector.ts';
import type { Five9 } from '../five9.ts';
import { accessChecks } from './checks/access.ts';
import { callVariableChecks } from './checks/call-variables.ts';
import { campaignChecks } from './checks/campaigns.ts';
import { contactChecks } from './checks/contacts.ts';
import { dispositionChecks } from './checks/dispositions.ts';
import { limitChecks } from './checks/limits.ts';
import { listChecks } from './checks/lists.ts';
import { peopleChecks } from './checks/people.ts';
import { rightsChecks } from './checks/rights.ts';
import { scriptChecks } from './checks/scripts.ts';
import { createSite } from './checks/site.ts';

/**
 * What the doctor asks Five9, in the order in which an admin sets it up: always the same checks, each about one thing that
 * can be wrong. Nothing is changed, and a log-in that was refused is not tried again. To add one: `checkOf` in the file of
 * its subject; what several want to know is read in `checks/site.ts`, once for all.
 */
export function checks(five9: Five9): readonly Check[] {
  const site = createSite(five9);
  return [accessChecks, rightsChecks, limitChecks, contactChecks, dispositionChecks, callVariableChecks]
    .concat([campaignChecks, listChecks, scriptChecks, peopleChecks])
    .flatMap((make) => make(site));
}
