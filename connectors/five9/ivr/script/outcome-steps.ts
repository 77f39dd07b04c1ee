import { answerRegex } from '../regexes.ts';
import { builtInRoutes } from './config.ts';
import type { Ends } from './ends.ts';
import type { Step } from './layout.ts';
import { ifBelow, otherwise, queryData, when } from './modules.ts';
import { assign, type Operand, texts } from './operands.ts';
import type { Plan } from './plan.ts';

const answers = ['status', 'route', 'outcome', 'callback_at', 'summary'] as const;
/** Only the inbound script learns the correlation ID from its answer: the other has it, and an error answer has none. */
const contextAnswers = [...answers, 'correlation_id'] as const;

/**
 * Asks for the outcome, again while it is pending and tries are left, shows it to the agent, and acts on its route.
 *
 * @param returned variable with what came back in the headers of the hang-up; empty when nothing does
 */
export function outcomeSteps(plan: Plan, ends: Ends, returned: string): Step[] {
  const { campaign, script } = plan;
  const ask = 'Ask outcome';
  plan.declare({ name: 'tries', kind: 'INTEGER' });
  return [
    askStep(plan, ends, ask, 'outcome', 'Answer', [
      ['correlation_id', { variable: 'ai_correlation_id' }],
      ['call_id', { variable: 'Call.call_id' }],
      ['campaign', { variable: 'Call.campaign_name' }],
      ...(returned ? [['returned_headers', { variable: returned }] as const] : []),
    ]),
    {
      tag: 'case',
      name: 'Answer',
      branches: [
        when('ai_status', 'pending', 'Count tries'),
        ...['done', 'unknown', 'error'].map((status) => when('ai_status', status, afterAnswer(plan))),
        otherwise(ends.act(campaign.safeRoute)),
      ],
      data: [],
    },
    {
      tag: 'setVariable',
      name: 'Count tries',
      next: 'Tries left',
      data: [assign('tries', 'SUM', { variable: 'tries' }, { integer: 1 })],
    },
    {
      tag: 'ifElse',
      name: 'Tries left',
      ...ifBelow('tries', script.outcomeTries, ask, afterAnswer(plan)),
    },
    ...screenPop(plan, 'What next'),
    whatNext(plan, ends),
  ];
}

/** The script of the number that the AI transfers to: asks what the call was about, and hands it to people whatever comes. */
export function inboundSteps(plan: Plan, ends: Ends): Step[] {
  const { script } = plan;
  const people = ends.act('skill');
  const popped = plan.popVariables.length > 0 ? popStep : people;
  const correlation: [string, Operand][] = script.correlationVariable
    ? [['correlation_id', { variable: script.correlationVariable }]]
    : [];
  return [
    { tag: 'incomingCall', name: 'Incoming call', next: 'Ask context', data: [] },
    askStep(plan, ends, 'Ask context', 'context', popped, [...correlation, ['ani', { variable: 'Call.ANI' }]]),
    ...screenPop(plan, people),
  ];
}

function askStep(
  plan: Plan,
  ends: Ends,
  name: string,
  endpoint: 'outcome' | 'context',
  next: string,
  parameters: readonly (readonly [string, Operand])[],
): Step {
  const keys = endpoint === 'context' ? contextAnswers : answers;
  const variables = [...keys.map((key) => `ai_${key}`), ...plan.popFields.map(({ variable }) => variable)];
  plan.declare(...texts(...variables));
  return {
    tag: 'query',
    name,
    next,
    onError: endpoint === 'context' ? ends.act('skill') : ends.act(plan.campaign.safeRoute),
    data: queryData({
      url: plan.url(endpoint),
      profile: plan.profileFor(name),
      parameters,
      regex: answerRegex([...keys, ...plan.popFields.map((field) => field.name)]),
      variables,
    }),
  };
}

const popStep = 'Screen pop';

function afterAnswer(plan: Plan): string {
  return plan.popVariables.length > 0 ? popStep : 'What next';
}

/** Copies the answer into call variables, which is what the agent's desktop shows. */
function screenPop(plan: Plan, next: string): Step[] {
  if (plan.popVariables.length === 0) return [];
  const data = plan.popVariables.map(([target, source]) =>
    assign(target, 'CONCAT', { variable: source }, { text: '' }),
  );
  return [{ tag: 'setVariable', name: popStep, next, data }];
}

function whatNext(plan: Plan, ends: Ends): Step {
  const { campaign, script } = plan;
  const own = [campaign.safeRoute, ...Object.values(campaign.routes), ...Object.keys(script.routes)];
  const routes = [...new Set([...builtInRoutes, ...own])];
  return {
    tag: 'case',
    name: 'What next',
    branches: [
      ...routes.map((route) => when('ai_route', route, ends.act(route))),
      otherwise(ends.act(campaign.safeRoute)),
    ],
    data: [],
  };
}
