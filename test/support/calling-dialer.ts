import type { Clock } from '../../src/domain/clock.ts';
import type { TestCallState } from '../../src/domain/test-call.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import type { SigmamindSimulator } from '../simulators/sigmamind/sigmamind-simulator.ts';

/** The phone system behind the made-up dialer, and what can go wrong in it. */
export interface CallingSite {
  clock: Clock;
  /** Where its script reaches Patchbay. */
  publicUrl: string;
  key: string;
  platform: SigmamindSimulator | null;
  /** The number of the agent. */
  aiNumber: string;
  isOn: boolean;
  isAnswered: boolean;
  asksForRoute: boolean;
  reachesAi: boolean;
  asksForOutcome: boolean;
  /** Before its script asks for the route. */
  onAnswer(): void;
  /** What was put up to be called and not taken back. */
  lists: string[];
  isStopped: boolean;
}

export function callingSite(
  given: Pick<CallingSite, 'clock' | 'publicUrl' | 'key' | 'platform' | 'aiNumber'>,
): CallingSite {
  return {
    isOn: true,
    isAnswered: true,
    asksForRoute: true,
    reachesAi: true,
    asksForOutcome: true,
    onAnswer: () => undefined,
    lists: [],
    isStopped: false,
    ...given,
  };
}

/** The made-up dialer with test calls: its script asks Patchbay, and hands the customer to the simulated platform. */
export function callingDialer(site: CallingSite) {
  return {
    ...madeUp,
    create: ((id, config, deps) => {
      const states = new Map<string, TestCallState>();
      return {
        ...madeUp.create(id, config, deps),
        testCalls: {
          campaigns: async () => Object.keys(config.campaigns),
          async begin({ campaign, phone }) {
            site.lists.push(phone);
            const test = { campaign, phone, leadKey: 'r1', begunAt: new Date(site.clock.now()).toISOString() };
            const say = (state: TestCallState) => void states.set(test.begunAt, state);
            say({ stage: 'waiting', why: 'the record is next', ...(!site.isOn && { fix: 'Switch the dialler on.' }) });
            void play(site, { id, campaign, phone, leadKey: test.leadKey }, say);
            return test;
          },
          look: async ({ begunAt }) => states.get(begunAt) ?? { stage: 'waiting', why: 'nothing is known of it' },
          async end({ phone }) {
            site.lists = site.lists.filter((each) => each !== phone);
          },
        },
        softphone: (campaign: string) => ({
          server: 'sip.made-up.example',
          user: 'tester',
          passwordFrom: 'Admin → Phones → tester',
          dial: `*9 ${campaign}`,
          notes: ['Use UDP.'],
        }),
      };
    }) satisfies (typeof madeUp)['create'],
  };
}

let calls = 0;

async function play(
  site: CallingSite,
  test: { id: string; campaign: string; phone: string; leadKey: string },
  say: (state: TestCallState) => void,
): Promise<void> {
  const { clock } = site;
  const number = test.phone.slice(2);
  if (!site.isOn) return;
  await clock.sleep(2000);
  say({ stage: 'dialled', why: 'it rings' });
  if (!site.isAnswered) return;
  await clock.sleep(2000);
  say({ stage: 'answered', why: 'somebody answered' });
  site.onAnswer();
  if (!site.asksForRoute) return;
  calls += 1;
  const callKey = `mu-test-${calls}`;
  const about = new URLSearchParams({ call_id: callKey, lead_id: test.leadKey, number, campaign: test.campaign });
  const route = await ask(site, `/v1/ivr/${test.id}/register?${about}`);
  if (route.route !== 'ai') return say({ stage: 'over', why: `its script sent it to ${route.route}` });
  if (!site.reachesAi || !site.platform) return;
  const headers = Object.entries(route).filter(([name, value]) => name.startsWith('X-') && value !== '');
  const invite = await fetch(`${site.platform.url}/_sim/sip-calls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: site.aiNumber, from: test.phone, headers }),
  });
  const { callId } = (await invite.json()) as { callId: string };
  say({ stage: 'handed-over', why: 'the AI has it' });
  while (!site.isStopped && !site.platform.calls().find((call) => call.callId === callId)?.endTime) {
    await clock.sleep(1000);
  }
  if (site.asksForOutcome && !site.isStopped) {
    await ask(site, `/v1/ivr/${test.id}/outcome?correlation_id=${route.correlation_id}`);
  }
  say({ stage: 'over', why: 'its script is through' });
}

async function ask({ publicUrl, key }: CallingSite, path: string): Promise<Record<string, string>> {
  const authorization = `Basic ${Buffer.from(`script:${key}`).toString('base64')}`;
  const answer = await fetch(`${publicUrl}${path}`, { headers: { authorization } });
  return (await answer.json()) as Record<string, string>;
}
