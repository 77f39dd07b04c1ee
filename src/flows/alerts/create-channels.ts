import type { AlertChannel, Carrier, ChannelDeps, ChannelSettings } from './channel.ts';

/** The configured channels by their ids. What carries a letter is loaded with the first one: most days there is none. */
export function createChannels(
  settings: Readonly<Record<string, ChannelSettings>>,
  deps: ChannelDeps,
): ReadonlyMap<string, AlertChannel> {
  return new Map(Object.entries(settings).map(([id, each]) => [id, createChannel(id, each, deps)]));
}

function createChannel(id: string, settings: ChannelSettings, deps: ChannelDeps): AlertChannel {
  let loading: Promise<Carrier> | undefined;
  function carrier(): Promise<Carrier> {
    loading ??= loadCarrier(id, settings, deps);
    return loading;
  }
  return {
    id,
    kind: settings.kind,
    leadsTo: leadsTo(settings),
    send: async (post) => (await carrier()).send(post),
    reach: async () => (await carrier()).reach(),
  };
}

async function loadCarrier(id: string, settings: ChannelSettings, deps: ChannelDeps): Promise<Carrier> {
  switch (settings.kind) {
    case 'email':
      return (await import('./mail-carrier.ts')).createMailCarrier(id, settings, deps);
    case 'slack':
      return (await import('./slack-carrier.ts')).createSlackCarrier(settings, deps);
    case 'webhook':
      return (await import('./webhook-carrier.ts')).createWebhookCarrier(settings, deps);
  }
}

function leadsTo(settings: ChannelSettings): string {
  if (settings.kind !== 'email') return new URL(settings.url).host;
  const count = settings.to.length;
  return `${count} ${count === 1 ? 'address' : 'addresses'} by ${settings.smtp.host}`;
}
