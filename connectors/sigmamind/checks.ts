import type { Check, CheckResult } from '../../src/domain/connector.ts';
import { ConnectorError, messageOf } from '../../src/domain/errors.ts';
import type { SigmamindApi } from './api.ts';
import type { SigmamindConfig } from './config.ts';
import { callEvents } from './payload.ts';
import type { Webhook } from './schema.ts';
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
  const ours = (await allWebhooks(deps.api)).filter(({ url }) => url.startsWith(base));
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

function isOldSpelling(event: string, events: readonly string[]): boolean {
  return event === 'conversation_analysed' && events.includes('conversation_analyzed');
}

async function allWebhooks(api: SigmamindApi): Promise<Webhook[]> {
  const all: Webhook[] = [];
  for (let page = 0; page < maxPages; page += 1) {
    const { rows, hasNext } = await api.listWebhooks({ page, size: 20, active: true });
    all.push(...rows);
    if (!hasNext) break;
  }
  return all;
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
