import { expect, it } from 'vitest';
import type { Leg } from '../../../src/domain/call.ts';
import type { CallResult, Dialer, LiveCallControl } from '../../../src/domain/dialer.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { Effect } from '../../simulators/simulator.ts';

/** What the control contract needs of a dialer under test. */
export interface ControlFixture {
  dialer: Dialer;
  journal(): Promise<readonly Effect[]>;
  loseNextAnswer(): Promise<void>;
  goDown(): Promise<void>;
  comeUp(): Promise<void>;
  /** Missing for a dialer that can't act on live calls. */
  live?: {
    /** A call of a fresh lead that an AI line has now. */
    call(): Promise<Leg>;
    /** The customer hangs up, and the dialer has seen it when this resolves. */
    customerHangsUp(leg: Leg): Promise<void>;
    /** Where a call can be transferred to, and where it can not. */
    target: string;
    noSuchTarget: string;
    /** What the dialer can write for a call that it lets go. */
    result: CallResult;
  };
}

type Live = NonNullable<ControlFixture['live']>;

/** What every dialer that acts on live calls must do. */
export function describeControl(get: () => ControlFixture): void {
  const acts = {
    'a hang-up': (control: LiveCallControl, leg: Leg, { result }: Live) => control.hangUp(leg, result),
    'a transfer': (control: LiveCallControl, leg: Leg, { result, target }: Live) =>
      control.transfer(leg, target, result),
  };

  it.each(Object.entries(acts))('carries out %s once, however often it is told', async (_name, act) => {
    const { control, live } = parts(get());
    if (!control || !live) return;
    const leg = await live.call();
    const before = await control.look(leg, live.result);

    const first = await act(control, leg, live);
    const once = await effectsByUs(get());
    const again = await act(control, leg, live);

    expect(before).toBe('here');
    expect([first, again]).toEqual([{ kind: 'done' }, { kind: 'done' }]);
    expect(await effectsByUs(get())).toEqual(once);
    expect(await control.look(leg, live.result)).toBe('done');
  });

  it.each(Object.entries(acts))(
    'says that it is too late for %s when the customer was gone first',
    async (_name, act) => {
      const { control, live } = parts(get());
      if (!control || !live) return;
      const leg = await live.call();
      await live.customerHangsUp(leg);
      const before = await effectsByUs(get());

      const answer = await act(control, leg, live);

      expect(answer).toEqual({ kind: 'over' });
      expect(await control.look(leg, live.result)).toBe('over');
      expect(await effectsByUs(get())).toEqual(before);
    },
  );

  it.each(Object.entries(acts))('tells what became of %s whose answer was lost', async (_name, act) => {
    const { control, live } = parts(get());
    if (!control || !live) return;
    const leg = await live.call();
    await get().loseNextAnswer();

    const thrown = await act(control, leg, live).catch((error: unknown) => error);

    expect(thrown).toBeInstanceOf(ConnectorError);
    expect((thrown as ConnectorError).inDoubt).toBe(true);
    expect(await control.look(leg, live.result)).toBe('done');
  });

  it('refuses a transfer to nowhere with a hint, and the AI keeps the call', async () => {
    const { control, live } = parts(get());
    if (!control || !live) return;
    const leg = await live.call();

    const answer = await control.transfer(leg, live.noSuchTarget, live.result);

    expect(answer).toMatchObject({ kind: 'refused', hint: expect.stringMatching(/./) });
    expect(await control.look(leg, live.result)).toBe('here');
  });

  it('names the calls that AI lines have now, as it recognises them', async () => {
    const { control, live, dialer } = parts(get());
    if (!control || !live) return;
    const leg = await live.call();
    const isThere = async () => {
      const own = dialer.recogniseCall?.({ code: leg.callKey })?.refs.map(({ key }) => key) ?? [];
      return (await control.liveCalls()).some(({ instance, key }) => instance === dialer.id && own.includes(key));
    };

    const during = await isThere();
    await control.hangUp(leg, live.result);

    expect([during, await isThere()]).toEqual([true, false]);
  });

  it('throws an error that may be tried again while the dialer is down', async () => {
    const { control, live } = parts(get());
    if (!control || !live) return;
    const leg = await live.call();
    await get().goDown();

    const thrown = await control
      .hangUp(leg, live.result)
      .catch((error: unknown) => error)
      .finally(() => get().comeUp());

    expect(thrown).toBeInstanceOf(ConnectorError);
    expect((thrown as ConnectorError).retryable).toBe(true);
  });
}

function parts({ dialer, live }: ControlFixture) {
  return { dialer, live, control: dialer.control };
}

async function effectsByUs({ journal }: ControlFixture): Promise<Effect[]> {
  return (await journal()).filter(({ by }) => by === 'api');
}
