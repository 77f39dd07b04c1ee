import type { Check } from '../../../domain/connector.ts';
import type { DoctorSite } from '../site.ts';
import type { AcrossCheck } from './across.ts';
import { judgeConcurrency } from './concurrency.ts';
import { judgeBudget } from './header-budget.ts';
import { judgeEntered, judgeSent, judgeUsed } from './headers.ts';
import { judgeAgents, judgeRegistered, judgeSipHosts } from './numbers.ts';
import { judgeMapping } from './outcomes.ts';

/** Whether dialers and platforms fit together along the way of a call. */
export function callFlowChecks(site: DoctorSite, across: (spec: AcrossCheck) => Check): Check[] {
  return [
    across({
      id: 'number.registered',
      title: 'Each number that is dialled is registered at a platform',
      looksAt: "the dialers' ways to the AI beside the platforms' phone numbers",
      judge: judgeRegistered,
    }),
    across({
      id: 'number.agent',
      title: 'An agent answers each of these numbers',
      looksAt: "the agent of each of the platforms' phone numbers",
      needs: ['number.registered'],
      judge: judgeAgents,
    }),
    across({
      id: 'number.sip-host',
      title: "Calls go to the platform's SIP server",
      looksAt: "the SIP host in the dialers' ways to the AI beside the platform's own",
      needs: ['number.registered'],
      judge: judgeSipHosts,
    }),
    across({
      id: 'headers.entered',
      title: 'The dialers send the headers that are configured',
      looksAt: '`dialers.<id>.headers` beside what is entered in the dialer',
      isOfDialers: true,
      judge: judgeEntered,
    }),
    across({
      id: 'headers.variables',
      title: 'Agents use what the headers bring, the correlation ID above all',
      looksAt: "the headers of each way beside the variables in the agent's prompt, greeting and tools",
      needs: ['number.agent'],
      judge: judgeSent,
    }),
    across({
      id: 'variables.headers',
      title: 'What agents use is sent to them',
      looksAt: "the variables in the agent's prompt, greeting and tools beside the headers of each way",
      needs: ['number.agent'],
      judge: judgeUsed,
    }),
    across({
      id: 'headers.budget',
      title: 'The headers fit on the way',
      looksAt: '`dialers.<id>.headers` and `headerBudget`, tried with a lead of long values',
      isOfDialers: true,
      judge: judgeBudget,
    }),
    across({
      id: 'outcomes.mapped',
      title: 'Every outcome that an agent can commit has a disposition in the dialer',
      looksAt:
        "the outcome codes in the agent's analysis and tools beside `dialers.<id>.campaigns.<name>.dispositions`",
      needs: ['number.agent'],
      judge: (view) => judgeMapping(site, view),
    }),
    across({
      id: 'concurrency.lines',
      title: 'The platform takes as many calls at once as the dialers send',
      looksAt: "the lines of the dialers' active ways beside the platform's concurrency",
      needs: ['number.registered'],
      judge: judgeConcurrency,
    }),
  ];
}
