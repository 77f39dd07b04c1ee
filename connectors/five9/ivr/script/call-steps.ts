import { answerRegex } from '../regexes.ts';
import type { Ends } from './ends.ts';
import type { Step } from './layout.ts';
import { otherwise, queryData, scratch, when } from './modules.ts';
import { assign, texts } from './operands.ts';
import { outcomeSteps } from './outcome-steps.ts';
import type { Plan } from './plan.ts';
import { transferData } from './transfers.ts';

/** A call with the AI in it: register, hand to the AI, and with handoff A ask for the outcome and act on it. */
export function callSteps(plan: Plan, ends: Ends): Step[] {
  return [
    { tag: 'incomingCall', name: 'Incoming call', next: 'Register', data: [] },
    register(plan, ends),
    route(plan, ends),
    refused(plan, ends),
    fillHeaders(plan),
    ...(plan.script.handoff === 'A'
      ? [transfer(plan, readsHeaders(plan) ? 'Read headers' : 'Ask outcome'), ...afterTransfer(plan, ends)]
      : [transfer(plan, ends.hangUp(''))]),
  ];
}

function register(plan: Plan, ends: Ends): Step {
  const keys = ['route', 'reason', 'correlation_id', ...plan.headers.map(({ name }) => name)];
  const variables = ['gate_route', 'gate_reason', 'ai_correlation_id', ...plan.headers.map(({ variable }) => variable)];
  plan.declare(...texts(...variables));
  return {
    tag: 'query',
    name: 'Register',
    next: 'Route',
    onError: ends.act(plan.campaign.safeRoute),
    data: queryData({
      url: plan.url('register'),
      profile: plan.profileFor('Register'),
      parameters: [
        ['call_id', { variable: 'Call.call_id' }],
        ['session_id', { variable: 'Call.session_id' }],
        ['call_type', { variable: 'Call.type' }],
        ['ani', { variable: 'Call.ANI' }],
        ['dnis', { variable: 'Call.DNIS' }],
        ['campaign', { variable: 'Call.campaign_name' }],
        ...plan.contactFields,
      ],
      regex: answerRegex(keys),
      variables,
    }),
  };
}

/** Register answers `ai` or `hangup`, and the safe route when it could not judge. */
function route({ campaign }: Plan, ends: Ends): Step {
  const others = [...new Set(['skill', campaign.safeRoute])].filter((name) => name !== 'hangup');
  return {
    tag: 'case',
    name: 'Route',
    branches: [
      when('gate_route', 'ai', 'Fill headers'),
      when('gate_route', 'hangup', 'Refused'),
      ...others.map((name) => when('gate_route', name, ends.act(name))),
      otherwise(ends.act(campaign.safeRoute)),
    ],
    data: [],
  };
}

function refused({ campaign }: Plan, ends: Ends): Step {
  const optedOut = ends.hangUp(campaign.dispositions.opt_out ?? '');
  return {
    tag: 'case',
    name: 'Refused',
    branches: [when('gate_reason', 'opt_out', optedOut), otherwise(ends.hangUp(''))],
    data: [],
  };
}

/**
 * Headers without a value go too: the agent's prompt then shows nothing where it would show the name of the variable,
 * and the script needs no branch for each.
 */
function fillHeaders(plan: Plan): Step {
  const list = sendList(plan);
  plan.declare({ name: list, kind: 'KVLIST' });
  return {
    tag: 'setVariable',
    name: 'Fill headers',
    next: 'Transfer to AI',
    data: plan.headers.map(({ name, variable }) =>
      assign(scratch, 'PUT', { variable: list }, { text: name }, { variable }),
    ),
  };
}

function transfer(plan: Plan, next: string): Step {
  const { script, seed } = plan;
  const name = 'Transfer to AI';
  const receives = readsHeaders(plan);
  if (!seed?.transfer?.sends) plan.blank('KVList to send', sendList(plan), name, 'Choose the KVList under Send Data.');
  if (receives && !seed?.transfer?.receives) {
    plan.blank('KVList to receive', receiveList(plan), name, 'Choose the KVList under Receive Data.');
  }
  const request = { to: script.transferTo, sends: true, receives, returns: script.handoff === 'A' };
  return {
    tag: 'thirdPartyTransfer',
    name,
    next,
    data: transferData({ ...request, maxSec: script.maxCallSec }, seed?.transfer?.block),
  };
}

function afterTransfer(plan: Plan, ends: Ends): Step[] {
  const isRead = readsHeaders(plan);
  return [...(isRead ? [readHeaders(plan)] : []), ...outcomeSteps(plan, ends, isRead ? 'returned_headers' : '')];
}

/** As one text, because the names of returned headers may come in other letters than they were sent in. */
function readHeaders(plan: Plan): Step {
  const list = receiveList(plan);
  plan.declare({ name: list, kind: 'KVLIST' }, ...texts('returned_headers'));
  return {
    tag: 'setVariable',
    name: 'Read headers',
    next: 'Ask outcome',
    data: [assign('returned_headers', 'TOSTRING', { variable: list })],
  };
}

function readsHeaders({ script }: Plan): boolean {
  return script.handoff === 'A' && script.receiveHeaders;
}

/** A seed's transfer names its own KVLists: ours are called the same. */
function sendList({ seed }: Plan): string {
  return seed?.transfer?.sends || 'to_ai';
}

function receiveList({ seed }: Plan): string {
  return seed?.transfer?.receives || 'from_ai';
}
