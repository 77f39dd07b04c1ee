import { createHmac } from 'node:crypto';
import type { Letter } from '../../domain/letter.ts';
import { type Carrier, type ChannelDeps, type ChannelSettings, channelTimeoutMs } from './channel.ts';
import { linkOf, wordsOfItem } from './letter-words.ts';
import { postJson, reachUrl } from './post-json.ts';

/** Signed JSON by the rules of Standard Webhooks: the receiver knows who sent it, when, and which comes twice. */
export function createWebhookCarrier(
  { url, secrets }: Extract<ChannelSettings, { kind: 'webhook' }>,
  deps: ChannelDeps,
): Carrier {
  const timeoutMs = deps.timeoutMs ?? channelTimeoutMs;
  const now = () => deps.wallClock.now();
  return {
    send({ id, letter }) {
      const body = JSON.stringify(payloadOf(letter, deps));
      return postJson({ url, body, headers: signedHeaders(id, body, secrets, now()), timeoutMs, now });
    },
    reach: () => reachUrl(url, timeoutMs),
  };
}

/** One signature for each secret, so that a receiver can change from one to the other at any moment. */
export function signedHeaders(
  id: string,
  body: string,
  secrets: readonly string[],
  nowMs: number,
): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

function payloadOf(letter: Letter, deps: Pick<ChannelDeps, 'publicUrl'>): object {
  const type = { alerts: 'patchbay.alerts', digest: 'patchbay.digest', test: 'patchbay.test' }[letter.kind];
  const about = { site: deps.publicUrl };
  switch (letter.kind) {
    case 'alerts': {
      const alerts = letter.items.map((item) => ({
        ...item,
        ...wordsOfItem(item),
        url: linkOf(deps, item.kind),
      }));
      return { type, timestamp: letter.at, data: { ...about, alerts } };
    }
    case 'digest':
      return { type, timestamp: letter.at, data: { ...about, ...letter.digest } };
    case 'test':
      return { type, timestamp: letter.at, data: about };
  }
}
