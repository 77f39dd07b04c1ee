import type { Command } from '../../src/domain/connector.ts';
import { failingInJson } from '../shared/answers.ts';
import { checkCommand } from '../shared/check-command.ts';
import type { Five9 } from './five9.ts';
import { auditCommand } from './ivr/audit/audit-command.ts';
import { scriptCommand } from './ivr/script/script-command.ts';
import { quotaCommand } from './quota/quota-command.ts';
import { callLogCommand } from './read/call-log-command.ts';
import { checks } from './setup/checks.ts';
import { domainCommand } from './setup/domain-plan.ts';
import { keysCommand } from './setup/key-contacts.ts';
import { planCallVariables } from './setup/plan-call-variables.ts';
import { planContactFields } from './setup/plan-contact-fields.ts';
import { planDispositions } from './setup/plan-dispositions.ts';

/** What an operator can ask of a Five9 domain, and tell it: `npx patchbay <id> …`. */
export function commandsOf(five9: Five9): Command[] {
  return [
    checkCommand('asks Five9 whether the set-up is right, and says what to mend', () => checks(five9)),
    domainCommand(five9, {
      name: 'fields',
      summary: 'compares the contact fields with what is needed, and creates those that are missing',
      plan: planContactFields,
    }),
    keysCommand(five9),
    domainCommand(five9, {
      name: 'dispositions',
      summary: 'compares the dispositions with the mapping, creates those that are missing and assigns them',
      plan: planDispositions,
    }),
    domainCommand(five9, {
      name: 'call-variables',
      summary: 'compares the call variables of the screen pop with what is needed, and creates those that are missing',
      plan: planCallVariables,
    }),
    scriptCommand(five9),
    auditCommand(five9),
    quotaCommand(five9),
    callLogCommand(five9),
  ].map(failingInJson);
}
