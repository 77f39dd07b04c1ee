import { correlationRef } from '../../src/domain/connector.ts';
import { sendLetters } from '../../src/flows/alerts/send-letters.ts';
import { watchAlerts } from '../../src/flows/alerts/watch-alerts.ts';
import { recordFacts } from '../../src/flows/record-facts.ts';
import { registerCall } from '../../src/flows/register-call.ts';
import { withLease } from '../../src/workers/lease.ts';
import { type OpenDeps, openDeps } from '../unit/flows/open-deps.ts';
import { type HookReceiver, startHookReceiver } from './hook-receiver.ts';

/** A minute or hour by the site's clock. */
export const minuteMs = 60_000;
export const hourMs = 3_600_000;

/** What a receiver was told, in short: `raised finding`. */
export function toldTo({ hooks }: HookReceiver): string[] {
  return hooks.map(({ body }) => {
    const { type, data } = JSON.parse(body) as {
      type: string;
      data: { day?: string; alerts?: { what: string; kind: string; key: string }[] };
    };
    if (type !== 'patchbay.alerts' || !data.alerts) return `${type} ${data.day ?? ''}`.trim();
    return data.alerts.map(({ what, kind, key }) => [what, kind, key].filter(Boolean).join(' ')).join(', ');
  });
}

/** A site with one signed webhook as its channel, and a clock that a test moves. */
export interface AlertSite {
  open: OpenDeps;
  office: HookReceiver;
  now(): number;
  /** The clock goes on, and nothing else. */
  leap(ms: number): void;
  /** The clock goes on, and alerts are looked for and sent every 15 seconds; none are where `by` says another process. */
  pass(ms: number, by?: OpenDeps): Promise<void>;
  /** Looks and sends once, as the two jobs do. */
  look(by?: OpenDeps): Promise<void>;
  /** Another process over the same store. @param changes of `alerts` in its configuration */
  openAnother(changes?: object): Promise<OpenDeps>;
  stop(): Promise<void>;
}

export const officeSecret = `whsec_${Buffer.from('a'.repeat(32)).toString('base64')}`;

export async function startAlertSite(
  at: string,
  { alerts = {}, channels: others = {}, ...options }: { alerts?: object; channels?: object; store?: object } = {},
): Promise<AlertSite> {
  let now = Date.parse(at);
  const office = await startHookReceiver();
  const channels = { office: { kind: 'webhook', url: `${office.url}/office`, secrets: [officeSecret] }, ...others };
  const clock = { now: () => now, sleep: async () => undefined };
  const settings = { ...options, clock, alerts: { channels, groupSec: 0, ...alerts } };
  const open = await openDeps(settings);
  const processes: OpenDeps[] = [];

  async function look({ deps }: OpenDeps = open): Promise<void> {
    await withLease(deps, 'job:patchbay:alerts', (_signal, lease) => watchAlerts(deps, lease));
    await withLease(deps, 'job:patchbay:alert-letters', (signal, lease) => sendLetters(deps, lease, signal));
  }

  return {
    open,
    office,
    now: () => now,
    leap(ms) {
      now += ms;
    },
    look,
    async pass(ms, by = open) {
      for (const end = now + ms; now < end; ) {
        // A day takes little longer than a minute: what nothing happens in is leapt over.
        now += Math.min(end - now, ms > 5 * hourMs ? 30 * minuteMs : ms > 10 * minuteMs ? 5 * minuteMs : 15_000);
        await look(by);
      }
    },
    async openAnother(changes = {}) {
      const store = options.store ?? storeOf(open);
      const other = await openDeps({ ...settings, store, alerts: { ...settings.alerts, ...changes } });
      processes.push(other);
      return other;
    },
    async stop() {
      for (const other of processes) await other.close();
      await open.close();
      await office.stop();
    },
  };
}

function storeOf({ spoolFolder }: OpenDeps): object {
  return { kind: 'sqlite', file: `${spoolFolder}/../store.sqlite` };
}

/** A call that ended with an outcome, of a person whose number must stand in no message. */
export async function callOf({ deps, dialer }: OpenDeps, key: string, outcome: string): Promise<string> {
  const at = new Date(deps.clock.now()).toISOString();
  const leg = { dialer: 'carousel', callKey: `mu-${key}`, campaign: 'Autumn', list: '', agent: '', number: '' };
  const sighting = {
    refs: [{ instance: 'carousel', kind: 'call-id', key: leg.callKey }],
    leg: { ...leg, leadKey: key, phone: '+13125550142', calledAt: at },
    fields: { first_name: 'Ada' },
  };
  const { correlationId } = await registerCall(deps, dialer, sighting, 'register', 5000);
  const body = { kind: 'committed', outcome, summary: 'Ada said so', fields: {} } as const;
  const fact = { refs: [correlationRef(correlationId)], source: 'mind', key: `commit-${key}`, at, body };
  await recordFacts(deps, [fact], { budgetMs: 5000 });
  return correlationId;
}
