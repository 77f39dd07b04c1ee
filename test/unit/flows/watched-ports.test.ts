import { expect, it } from 'vitest';
import type { Dialer, LiveCallControl } from '../../../src/domain/dialer.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { noTracing } from '../../../src/domain/tracing.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import { createLinkTraffic } from '../../../src/flows/link-traffic.ts';
import { watchedDialer } from '../../../src/flows/watched-ports.ts';

const rows = ['one', 'two', 'three'].map((id) => ({ id, aspect: 'disposition' }) as WriteBack);
const until = '2026-11-21T12:00:00.000Z';

function watched(dialer: Partial<Dialer>) {
  const traffic = createLinkTraffic({ now: () => 1 }, ['carousel']);
  return {
    dialer: watchedDialer({ id: 'carousel', ...dialer } as Dialer, traffic, noTracing),
    link: () => traffic.of('carousel'),
  };
}

it('counts each row that a dialer took once, also when it was kept before the batch was through', async () => {
  const { dialer, link } = watched({
    async deliver(_rows, keep) {
      await keep?.(new Map([['one', { kind: 'submitted', receipt: 'r' }]]));
      return new Map([
        ['one', { kind: 'submitted', receipt: 'r' }],
        ['two', { kind: 'done' }],
        ['three', { kind: 'notYet', until, why: 'its window' }],
      ] as const);
    },
  });

  const answers = await dialer.deliver(rows, async () => undefined);

  expect([...answers.keys()]).toEqual(['one', 'two', 'three']);
  expect(link()).toMatchObject({ delivered: { disposition: 2 }, asking: { count: 1, errors: 0 } });
});

it('takes a batch of which nothing got through for a failure of the link', async () => {
  const { dialer, link } = watched({
    deliver: async () => new Map(rows.map(({ id }) => [id, { kind: 'retry', why: 'cut off' }] as const)),
  });

  await dialer.deliver(rows);

  expect(link()).toMatchObject({ delivered: {}, asking: { count: 1, errors: 1 } });
});

it.each([
  ['dialer_away', 1, 1],
  ['dialer_denied', 1, 1],
  ['dialer_refused', 1, 0],
  ['dialer_limit', 0, 0],
  ['platform_limit', 0, 0],
] as const)('counts %s as %d request, %d of them failed, and passes it on', async (code, count, errors) => {
  const { dialer, link } = watched({
    deliver: async () => new Map(),
    look: () => Promise.reject(new ConnectorError(code, 'no')),
  });

  await expect(dialer.look?.(rows)).rejects.toThrow('no');

  expect(link().asking).toMatchObject({ count, errors });
});

it('gives a dialer no port that it does not have', () => {
  const { dialer } = watched({ deliver: async () => new Map() });

  expect(Object.keys(dialer).sort()).toEqual(['deliver', 'id']);
});

it('leaves a dialer whose parts speak of each other as it is', async () => {
  const { dialer, link } = watched({
    batchSize: 7,
    async deliver(this: Dialer) {
      return new Map([[`by ${this.id} of ${this.batchSize}`, { kind: 'done' }]]);
    },
    control: {
      hangUpLeftOverSec: 5,
      async liveCalls(this: { hangUpLeftOverSec: number }) {
        return [{ instance: 'carousel', kind: 'call-id', key: String(this.hangUpLeftOverSec) }];
      },
    } as unknown as LiveCallControl,
  } as Partial<Dialer>);

  expect([...(await dialer.deliver(rows)).keys()]).toEqual(['by carousel of 7']);
  expect(await dialer.control?.liveCalls()).toMatchObject([{ key: '5' }]);
  expect(dialer).not.toHaveProperty('confirm');
  expect(link()).toMatchObject({ asking: { count: 2, errors: 0 } });
});
