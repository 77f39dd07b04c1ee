import { startVicidialFixture, type VicidialFixture } from './vicidial-fixture.ts';

/** The same site, and a connector that was given no database at all. */
export async function startApiOnlyFixture(): Promise<VicidialFixture> {
  const site = await startVicidialFixture();
  const connect: VicidialFixture['connect'] = (change = () => undefined, deps = {}) =>
    site.connect((config) => {
      delete config.database;
      config.remoteAgents = [{ user: '7001', lines: 3 }];
      change(config);
    }, deps);
  return {
    ...site,
    connect,
    dialer: connect(),
    cantSee: ['dnc'],
    async endedCall() {
      const target = await site.endedCall();
      // Over is what no line has any more: the daemon frees it some seconds after the end.
      await site.pass(5);
      return target;
    },
    withWrongPassword: async () =>
      connect((config) => {
        (config.api as Record<string, unknown>).pass = 'wrongPass99';
      }),
  };
}
