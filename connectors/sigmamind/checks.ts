import type { Check, CheckResult } from '../../src/domain/connector.ts';
import { ConnectorError, messageOf } from '../../src/domain/errors.ts';
import type { SigmamindApi } from './api/api.ts';
import type { Page, PageQuery } from './api/page.ts';
import type { SigmamindConfig } from './config.ts';
import { callEvents } from './payload.ts';
import { isKnownToken } from './signature.ts';

interface ChecksDeps {
  id: string;
  config: SigmamindConfig;
  api: SigmamindApi;
  publicUrl: string;
}

const maxPages = 20;

/** What the doctor looks at: our own side of the webhook, the API key, and the webhooks that SigmaMind holds. */
export function createChecks(deps: ChecksDeps): Check[] {
  return [
    { id: 'webhook.guard', title: 'Events must prove their sender', run: async () => checkGuard(deps.config) },
    { id: 'api.key', title: 'The API key is accepted', run: () => asked(() => checkKey(deps)) },
    {
      id: 'webhook.registered',
      title: 'SigmaMind sends all three events to us',
      needs: ['api.key'],
      run: () => asked(() => checkWebhooks(deps)),
    },
    {
      id: 'dialling.ready',
      title: 'SigmaMind can place calls itself',
      needs: ['api.key'],
      run: () => asked(() => checkDialling(deps)),
    },
  ];
}

async function checkGuard({ webhook }: SigmamindConfig): Promise<CheckResult> {
  const { tokens, signature } = webhook;
  if (tokens.length === 0) {
    return fail('no token is configured', 'Every event is denied.', 'Set `webhook.tokens` to a random text.');
  }
  if (signature.preset === 'none') {
    return {
      status: 'warn',
      found: 'signatures are not asked for',
      why: 'Who knows the URL can end and analyse calls in the name of SigmaMind.',
      fix: 'Set `webhook.signature` as soon as the rule of the deliveries is known.',
    };
  }
  if (signature.secrets.length === 0) {
    return fail('no secret is configured', 'Every event is denied.', 'Set `webhook.signature.secrets`.');
  }
  return { status: 'ok', found: `${tokens.length} token(s), ${signature.secrets.length} secret(s)` };
}

async function checkKey({ api }: ChecksDeps): Promise<CheckResult> {
  const { total, rows } = await api.listPhoneNumbers({ page: 0, size: 10 });
  return { status: 'ok', found: `accepted; ${total ?? rows.length} phone number(s)` };
}

async function checkWebhooks(deps: ChecksDeps): Promise<CheckResult> {
  const base = `${deps.publicUrl}/v1/platforms/${deps.id}/events/`;
  const webhooks = await all((page) => deps.api.listWebhooks({ ...page, active: true }));
  const ours = webhooks.filter(({ url }) => url.startsWith(base));
  const fix = `Make a webhook on each agent with the events ${callEvents.join(', ')} and the URL ${base}<token>.`;
  if (ours.length === 0) return fail('no webhook points to us', 'We never hear how a conversation ends.', fix);

  const alien = ours.filter(({ url }) => !isKnownToken(deps.config.webhook.tokens, url.slice(base.length)));
  if (alien.length > 0) {
    return fail(
      `${alien.length} of ${ours.length} webhook(s) carry a token that is not configured`,
      'Their events are denied.',
      'Add that token to `webhook.tokens`, or make the webhook anew.',
    );
  }
  for (const { webhookId, events } of ours) {
    const missing = callEvents.filter((event) => !events.includes(event) && !isOldSpelling(event, events));
    if (missing.length > 0) {
      return {
        status: 'warn',
        found: `webhook ${webhookId} lacks ${missing.join(', ')}`,
        why: 'Outcomes stay thin.',
        fix,
      };
    }
  }
  return { status: 'ok', found: `${ours.length} webhook(s) point to us` };
}

async function checkDialling({ api, config, id }: ChecksDeps): Promise<CheckResult> {
  const { from, agentId } = config.dialling;
  if (!from && !agentId) return { status: 'ok', found: 'it is not set up to' };
  const key = `platforms.${id}.dialling`;
  const why = 'Every call and campaign is refused.';
  if (from) {
    const numbers = await all((page) => api.listPhoneNumbers(page));
    const own = numbers.find(({ sipPhoneNumber }) => sipPhoneNumber === from);
    if (!own?.active) return fail(`${from} is no active number of the workspace`, why, `Change ${key}.from.`);
  }
  if (agentId && !(await api.getAgent(agentId))) {
    return fail(`there is no agent ${agentId}`, why, `Change ${key}.agentId: Dashboard → Agents.`);
  }
  return { status: 'ok', found: [from, agentId].filter(Boolean).join(' with ') };
}

function isOldSpelling(event: string, events: readonly string[]): boolean {
  return event === 'conversation_analysed' && events.includes('conversation_analyzed');
}

async function all<Row>(list: (query: PageQuery) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 0; page < maxPages; page += 1) {
    const answer = await list({ page, size: 20 });
    rows.push(...answer.rows);
    if (!answer.hasNext) break;
  }
  return rows;
}

async function asked(check: () => Promise<CheckResult>): Promise<CheckResult> {
  try {
    return await check();
  } catch (error) {
    const hint = error instanceof ConnectorError ? error.hint : '';
    const isRefused = error instanceof ConnectorError && error.code === 'platform_refused';
    return { status: isRefused ? 'fail' : 'unknown', found: messageOf(error), fix: hint };
  }
}

function fail(found: string, why: string, fix: string): CheckResult {
  return { status: 'fail', found, why, fix };
}
