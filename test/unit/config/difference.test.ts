import { describe, expect, it } from 'vitest';
import { differenceOf, effectsOf } from '../../../config/difference.ts';
import { restartFaults } from '../../../config/restart-keys.ts';
import { configSchema } from '../../../config/schema.ts';
import { versionOf } from '../../../config/version.ts';
import { madeUp } from '../../contract/made-up/made-up-dialer.ts';

const schema = configSchema({ dialers: [madeUp], platforms: [] });
const key = (digit: string) => digit.repeat(64);

function site(change: { dialers?: object; clients?: object; more?: object } = {}) {
  return schema.parse({
    secret: 'a-secret-of-this-test',
    clients: { script: { keys: [key('1')], may: ['dialer'] }, ...change.clients },
    dialers: {
      carousel: {
        type: 'made-up',
        url: 'http://127.0.0.1:1',
        campaigns: { Autumn: { dispositions: { sale: 'sold' } } },
        ...change.dialers,
      },
    },
    ...change.more,
  });
}

describe('the difference between two configurations', () => {
  it('is told key by key, and of a secret only that it is another', () => {
    const next = site({
      dialers: { campaigns: { Autumn: { dispositions: { sale: 'done', callback: 'later' } } } },
      clients: { script: { keys: [key('2')], may: ['dialer'] } },
    });

    expect(differenceOf(site(), next, schema)).toEqual([
      { path: 'clients.script.keys', from: '["•••"]', to: '["•••"]' },
      { path: 'dialers.carousel.campaigns.Autumn.dispositions.sale', from: '"sold"', to: '"done"' },
      { path: 'dialers.carousel.campaigns.Autumn.dispositions.callback', to: '"later"' },
    ]);
    expect(differenceOf(site(), site(), schema)).toEqual([]);
  });

  it('warns of what those who know the old values will see', () => {
    const next = site({ dialers: { headers: [{ name: 'X-id', from: 'correlation_id' }] } });
    const gone = schema.parse({ secret: 'a-secret-of-this-test', clients: {}, dialers: {} });

    expect(effectsOf(differenceOf(site(), next, schema))).toEqual([
      "Headers of carousel change: its scripts and the agent's prompt must read the same names.",
    ]);
    expect(effectsOf(differenceOf(site(), gone, schema))).toEqual([
      'The client script changes: who sends an old key hears 401.',
      'The dialer carousel is gone: its scripts hear an error, and what waits for it stays where it is.',
    ]);
  });
});

describe('what a running service can take up', () => {
  it('is all but what lives as long as the process, each key named', () => {
    const next = site({
      more: { store: { kind: 'sqlite', file: 'other' }, server: { port: 81 }, sync: { cron: '1 * * * *' } },
    });

    const paths = restartFaults(site(), next).map(({ path }) => path);

    expect(paths).toEqual(['server.port', 'store']);
    expect(restartFaults(site(), site({ more: { sync: { cron: '1 * * * *' } } }))).toEqual([]);
  });

  it('has a version that follows from what it says, secrets included, and not from what is of one process alone', () => {
    const others = [
      site({ clients: { script: { keys: [key('2')], may: ['dialer'] } } }),
      site({ dialers: { url: 'http://127.0.0.1:2' } }),
    ];

    expect(versionOf(site())).toMatch(/^[0-9a-f]{10}$/);
    expect(
      versionOf(site({ more: { spool: { folder: 'elsewhere' }, server: { port: 81, publicUrl: 'http://x' } } })),
    ).toBe(versionOf(site({ more: { server: { publicUrl: 'http://x' } } })));
    for (const other of others) expect(versionOf(other)).not.toBe(versionOf(site()));
  });
});
