import type { MadeThing, PlannedChange, SetupRun, SetupStep, UndoAnswer } from '../../../../src/domain/setup.ts';
import type { Webhook } from '../../api/webhooks.ts';
import { callEvents } from '../../payload.ts';
import { isKnownToken } from '../../signature.ts';
import { agentIdsOf, eventsBase, lookAtSite, nameOfAgent, type SeenSite, type SetupDeps } from '../seen-site.ts';
import { change, hasNoWay, textOf } from './change.ts';

const menu = 'dashboard → System → Webhooks';
const secretsList = ['webhook', 'signature', 'secrets'];

interface Wish {
  agentId: string;
  name: string;
  /** An active one that points to us by a token that we know; null when there is none. */
  held: Webhook | null;
  /** A switched-off one, where no other is there. */
  off: Webhook | null;
  missing: readonly string[];
  /** Its secret, where SigmaMind shows it and the configuration lacks it: a crash came between, or somebody else made it. */
  lostSecret: string;
  obstacle: string;
}

/** One webhook on each agent; its secret goes straight into the site's secrets. */
export function webhooksStep(setup: SetupDeps): SetupStep {
  return {
    id: 'webhooks',
    title: 'Have SigmaMind tell us of each conversation',
    kind: 'api',
    phase: 'platform',
    checks: ['webhooks.registered', 'webhooks.events', 'webhooks.token', 'webhook.guard', 'webhook.secrets'],
    describe: () =>
      [
        `${menu[0]?.toUpperCase()}${menu.slice(1)}, one for each agent (${agentIdsOf(setup.config).join(', ')}):`,
        '',
        `- URL: \`${eventsBase(setup)}<token>\`, where <token> is the first of \`platforms.${setup.id}.webhook.tokens\` (in the file of secrets)`,
        `- Events: ${callEvents.join(', ')}`,
        '',
        `Each webhook gets a secret of its own, which is shown once: add it to \`platforms.${setup.id}.webhook.signature.secrets\`. Set-up does that by itself.`,
      ].join('\n'),
    plan: async () => (await wishesOf(setup)).map(planned),
    apply: (run) => applyWishes(setup, run),
    undo: (made) => (textOf(made, 'kind') === 'change' ? undoChange(setup, made) : undoWebhook(setup, made)),
  };
}

async function wishesOf(setup: SetupDeps): Promise<Wish[]> {
  const site = lookAtSite(setup);
  return Promise.all(
    agentIdsOf(setup.config).map(async (agentId) => {
      const agent = await site.agent(agentId);
      const own = await ownWebhooks(site, agentId);
      const held = own.find(({ active }) => active) ?? null;
      return {
        agentId,
        name: agent ? nameOfAgent(agent) : agentId,
        held,
        off: held ? null : (own[0] ?? null),
        missing: missingIn(held?.events ?? []),
        lostSecret: lostSecretOf(setup, held ?? own[0]),
        obstacle: obstacleOf(setup, agent !== null, agentId),
      };
    }),
  );
}

function lostSecretOf({ config }: SetupDeps, webhook: Webhook | undefined): string {
  const { signature } = config.webhook;
  const secret = webhook?.secret ?? '';
  return signature.preset === 'none' || signature.secrets.includes(secret) ? '' : secret;
}

function obstacleOf({ id, config }: SetupDeps, isThere: boolean, agentId: string): string {
  if (!isThere) return `there is no agent ${agentId}: see the step "agent"`;
  return config.webhook.tokens.length === 0 ? `set \`platforms.${id}.webhook.tokens\` first` : '';
}

function planned({ name, held, off, missing, lostSecret, obstacle }: Wish): PlannedChange {
  const what = `webhook of ${name}`;
  if (obstacle) return { what, state: 'blocked', detail: obstacle };
  if (off) return { what, state: 'differs', detail: `${off.webhookId} is switched on again, with all three events` };
  if (!held) return { what, state: 'missing', detail: `made with ${callEvents.join(', ')}` };
  if (missing.length > 0)
    return { what, state: 'differs', detail: `${held.webhookId} also sends ${missing.join(', ')}` };
  if (lostSecret)
    return { what, state: 'differs', detail: `the secret of ${held.webhookId} goes into the configuration` };
  return { what, state: 'there', detail: held.webhookId };
}

async function applyWishes(setup: SetupDeps, run: SetupRun): Promise<void> {
  for (const wish of await wishesOf(setup)) {
    const present = wish.held ?? wish.off;
    if (wish.obstacle) continue;
    if (!present) await makeWebhook(setup, run, wish);
    else if (wish.off || wish.missing.length > 0) await mendWebhook(setup, run, wish.name, present);
    if (wish.lostSecret) await run.keepSecret(secretOf(setup, wish.agentId, wish.lostSecret));
  }
}

async function makeWebhook(setup: SetupDeps, run: SetupRun, { agentId, name }: Wish): Promise<void> {
  const [token = ''] = setup.config.webhook.tokens;
  const webhook = { name: 'Patchbay', agentId, url: `${eventsBase(setup)}${token}`, events: [...callEvents] };
  const { secret } = await change(
    run,
    `webhook of ${name}`,
    { kind: 'made', agentId },
    () => setup.api.createWebhook(webhook),
    ({ webhookId }) => ({ webhookId }),
  );
  if (secret === '' || setup.config.webhook.signature.preset === 'none') return;
  await run.keepSecret(secretOf(setup, agentId, secret));
}

function secretOf({ id }: SetupDeps, agentId: string, value: string) {
  const name = `${id}_webhook_secret_${agentId}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
  return { name, value, list: secretsList };
}

async function mendWebhook(setup: SetupDeps, run: SetupRun, name: string, present: Webhook): Promise<void> {
  const { webhookId, events, active } = present;
  const after = [...events, ...missingIn(events)];
  const undoData = { kind: 'change', webhookId, before: { events, active }, after };
  await change(run, `events of the webhook of ${name}`, undoData, () =>
    setup.api.updateWebhook(webhookId, { events: after, ...(!active && { active: true }) }),
  );
}

async function undoWebhook(setup: SetupDeps, made: MadeThing): Promise<UndoAnswer> {
  const site = lookAtSite(setup);
  const webhookId = textOf(made, 'webhookId');
  const own = await ownWebhooks(site, textOf(made, 'agentId'));
  // Without an ID a crash came between: what stands there under our name is what was made.
  const held = own.find((webhook) => (webhookId ? webhook.webhookId === webhookId : webhook.name === 'Patchbay'));
  if (!held) {
    const moved = webhookId ? (await site.webhooks()).find((webhook) => webhook.webhookId === webhookId) : undefined;
    return moved ? { kind: 'changed', why: `webhook ${webhookId} points elsewhere now` } : { kind: 'gone' };
  }
  const isOurs = held.active && held.name === 'Patchbay' && isSameSet(held.events, callEvents);
  if (!isOurs) return { kind: 'changed', why: `webhook ${held.webhookId} has another name or other events now` };
  await setup.api.deleteWebhook(held.webhookId);
  return { kind: 'undone' };
}

async function undoChange(setup: SetupDeps, made: MadeThing): Promise<UndoAnswer> {
  const webhookId = textOf(made, 'webhookId');
  const held = (await lookAtSite(setup).webhooks()).find((webhook) => webhook.webhookId === webhookId);
  const before = made.undoData.before as { events?: readonly string[]; active?: boolean } | undefined;
  if (!held || !before?.events) return { kind: 'gone' };
  if (isSameSet(held.events, before.events) && held.active === before.active) return { kind: 'gone' };
  const after = made.undoData.after as readonly string[] | undefined;
  if (!held.active || !isSameSet(held.events, after ?? callEvents)) {
    return { kind: 'changed', why: `webhook ${webhookId} has other events now` };
  }
  const back = { events: [...before.events], ...(before.active === false && { active: false }) };
  const isDone = await setup.api.updateWebhook(webhookId, back).catch(hasNoWay);
  return isDone === true
    ? { kind: 'by-hand', what: `${menu} → ${webhookId}: events ${before.events.join(', ')}` }
    : { kind: 'undone' };
}

/** Those of an agent that point to us by a token that we know. */
async function ownWebhooks(site: SeenSite, agentId: string): Promise<Webhook[]> {
  const base = eventsBase(site);
  return (await site.webhooks()).filter(
    (webhook) =>
      webhook.agentId === agentId &&
      webhook.url.startsWith(base) &&
      isKnownToken(site.config.webhook.tokens, webhook.url.slice(base.length)),
  );
}

/** The platform knows two spellings of one of them. */
function missingIn(events: readonly string[]): string[] {
  const sent = events.map((event) => event.replace('analyzed', 'analysed'));
  return callEvents.filter((event) => !sent.includes(event));
}

function isSameSet(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one) => others.includes(one));
}
