import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import type { Webhook } from '../../api/webhooks.ts';
import { callEvents } from '../../payload.ts';
import { isKnownToken } from '../../signature.ts';
import { fail, listed, looked, ok, unknown, warn } from '../check-results.ts';
import { eventsBase, nameOfAgent, type SeenSite } from '../seen-site.ts';

const apply = 'Or run: npx patchbay setup --apply';

export function webhookChecks(site: SeenSite): Check[] {
  const { config } = site;
  return [
    {
      id: 'webhook.guard',
      title: 'Events must prove their sender',
      looksAt: 'our configuration: webhook.tokens, webhook.signature',
      run: async () => checkGuard(site),
    },
    {
      id: 'webhooks.registered',
      title: 'Each agent has an active webhook to us',
      looksAt: 'GET /v1/webhooks: agentId, active, url',
      needs: ['agents.known'],
      run: () => looked(() => checkRegistered(site)),
    },
    {
      id: 'webhooks.events',
      title: 'The webhooks send all three events',
      looksAt: 'GET /v1/webhooks: events',
      needs: ['webhooks.registered'],
      run: () => looked(() => checkEvents(site)),
    },
    {
      id: 'webhooks.token',
      title: "The webhooks' address carries a token that we know",
      looksAt: 'GET /v1/webhooks: url',
      needs: ['webhooks.registered', 'webhook.guard'],
      run: () => looked(() => checkTokens(site)),
    },
    {
      id: 'webhook.secrets',
      title: "We know each webhook's secret",
      looksAt: 'GET /v1/webhooks: secret, as far as it is shown',
      needs: ['webhooks.registered', 'webhook.guard'],
      run: () =>
        looked(async () =>
          config.webhook.signature.preset === 'none' ? ok('not used: events are not signed') : checkSecrets(site),
        ),
    },
  ];
}

function checkGuard({ id, config: { webhook } }: SeenSite): CheckResult {
  const { tokens, signature } = webhook;
  const denied = 'Every event is denied.';
  if (tokens.length === 0) {
    return fail(
      'no token is configured',
      denied,
      `Set \`platforms.${id}.webhook.tokens\` to a random text of 24 characters or more.`,
    );
  }
  if (signature.preset === 'none') {
    return warn(
      'signatures are not asked for',
      'Who knows the URL can end and analyse calls in the name of SigmaMind.',
      `Set \`platforms.${id}.webhook.signature\` as soon as the rule of the deliveries is known: npx patchbay ${id} capture`,
    );
  }
  if (signature.secrets.length === 0) {
    return fail(
      'no secret is configured',
      denied,
      `Put the secret that SigmaMind showed when the webhook was made into \`platforms.${id}.webhook.signature.secrets\`; set-up keeps those of the webhooks that it makes.`,
    );
  }
  return ok(`${tokens.length} token(s), ${signature.secrets.length} secret(s)`);
}

async function checkRegistered(site: SeenSite): Promise<CheckResult> {
  const own = await ownWebhooks(site);
  for (const agent of await site.agents()) {
    const rows = own.filter(({ agentId }) => agentId === agent.agentId);
    if (rows.some(({ active }) => active)) continue;
    const why = 'We never hear how its conversations end.';
    const [off] = rows;
    if (off) {
      return fail(
        `webhook ${off.webhookId} of ${nameOfAgent(agent)} is switched off`,
        why,
        `Dashboard → System → Webhooks → ${off.name || off.webhookId}: switch it on. ${apply}`,
      );
    }
    return fail(
      `${nameOfAgent(agent)} has no webhook to us`,
      why,
      `Dashboard → System → Webhooks: agent ${nameOfAgent(agent)}, the events ${callEvents.join(', ')}, the URL ${eventsBase(site)}<token>. ${apply}`,
    );
  }
  return ok(`${own.filter(({ active }) => active).length} webhook(s) of ${(await site.agents()).length} agent(s)`);
}

async function checkEvents(site: SeenSite): Promise<CheckResult> {
  for (const agent of await site.agents()) {
    const rows = (await activeWebhooks(site)).filter(({ agentId }) => agentId === agent.agentId);
    const sent = rows.flatMap(({ events }) => events.map((event) => event.replace('analyzed', 'analysed')));
    const missing = callEvents.filter((event) => !sent.includes(event));
    if (missing.length === 0) continue;
    const names = listed(rows.map(({ webhookId }) => webhookId));
    return fail(
      `webhook ${names} of ${nameOfAgent(agent)} does not send ${listed(missing)}`,
      missing.includes('conversation_ended')
        ? 'We do not hear that a call has ended.'
        : 'What the event tells is missing from the outcome.',
      `Dashboard → System → Webhooks → ${rows[0]?.name || names} → Events: add ${listed(missing)}. ${apply}`,
    );
  }
  return ok(callEvents.join(', '));
}

async function checkTokens(site: SeenSite): Promise<CheckResult> {
  const base = eventsBase(site);
  const rows = await activeWebhooks(site);
  const alien = rows.filter(({ url }) => !isKnownToken(site.config.webhook.tokens, url.slice(base.length)));
  if (alien.length > 0) {
    return fail(
      `${alien.length} of ${rows.length} webhook(s) carry a token that is not configured: ${listed(alien.map(({ webhookId }) => webhookId))}`,
      'Their events are denied.',
      `Add that token to \`platforms.${site.id}.webhook.tokens\`; or delete the webhook under Dashboard → System → Webhooks, and run: npx patchbay setup --apply`,
    );
  }
  return ok(`${rows.length} webhook(s) carry a configured token`);
}

async function checkSecrets(site: SeenSite): Promise<CheckResult> {
  const { signature } = site.config.webhook;
  const known = signature.preset === 'none' ? [] : signature.secrets;
  const rows = await activeWebhooks(site);
  const alien = rows.filter(({ secret }) => secret !== '' && !isKnownToken(known, secret));
  const list = `\`platforms.${site.id}.webhook.signature.secrets\``;
  if (alien.length > 0) {
    return fail(
      `the secret of ${listed(alien.map(({ webhookId }) => webhookId))} is not configured`,
      'Each webhook has a secret of its own: its events are denied.',
      `Add it to ${list}: Dashboard → System → Webhooks → ${alien[0]?.name || alien[0]?.webhookId}. Where it is not shown any more, delete the webhook and run: npx patchbay setup --apply`,
    );
  }
  const hidden = rows.filter(({ secret }) => secret === '');
  if (hidden.length === 0) return ok(`the secrets of ${rows.length} webhook(s) are configured`);
  if (known.length < rows.length) {
    return fail(
      `${rows.length} webhooks, but ${known.length} secret(s)`,
      'Each webhook has a secret of its own: the events of some are denied.',
      `Add the missing ones to ${list}; delete and make anew the webhooks whose secret nobody knows.`,
    );
  }
  return unknown(
    `SigmaMind does not show the secrets; ${known.length} are configured for ${rows.length} webhook(s)`,
    'A wrong one shows only when an event is denied.',
    `Set \`platforms.${site.id}.webhook.capture: 3\`, make a call, and look: npx patchbay ${site.id} capture`,
  );
}

async function ownWebhooks(site: SeenSite): Promise<Webhook[]> {
  const base = eventsBase(site);
  return (await site.webhooks()).filter(({ url }) => url.startsWith(base));
}

async function activeWebhooks(site: SeenSite): Promise<Webhook[]> {
  return (await ownWebhooks(site)).filter(({ active }) => active);
}
