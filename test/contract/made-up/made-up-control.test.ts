import { afterAll, beforeAll, describe } from 'vitest';
import type { Leg } from '../../../src/domain/call.ts';
import { startTestApp, type TestApp } from '../../support/start-app.ts';
import { type ControlFixture, describeControl } from '../dialers/control-contract.ts';
import { type MadeUpServer, startMadeUpServer } from './made-up-server.ts';

describe('the made-up dialer, as every dialer that acts on live calls', () => {
  let server: MadeUpServer;
  let patchbay: TestApp;
  let fixture: ControlFixture;
  beforeAll(async () => {
    server = await startMadeUpServer([]);
    patchbay = await startTestApp({ dialers: { carousel: { type: 'made-up', url: server.url } } });
    fixture = fixtureOf(server, patchbay);
  });
  afterAll(async () => {
    await patchbay.stop();
    await server.stop();
  });

  describeControl(() => fixture);
});

function fixtureOf(server: MadeUpServer, { app }: TestApp): ControlFixture {
  const dialer = app.deps.dialers.get('carousel');
  if (!dialer) throw new Error('the made-up dialer is not there');
  return {
    dialer,
    journal: server.journal,
    loseNextAnswer: async () => server.failNext('lost', 1),
    goDown: async () => server.failNext('down', 10),
    comeUp: async () => server.heal(),
    live: {
      async call() {
        const callKey = `mu-${server.live.size + 1}`;
        server.live.set(callKey, { state: 'ai', to: '', status: '' });
        const known = { campaign: 'Autumn', list: '', leadKey: 'r1', number: '', phone: '', agent: '' };
        return { dialer: 'carousel', callKey, ...known, calledAt: new Date().toISOString() } satisfies Leg;
      },
      async customerHangsUp({ callKey }) {
        const call = server.live.get(callKey);
        if (call) call.state = 'ended';
      },
      target: 'group-7',
      noSuchTarget: 'nowhere',
      result: { outcome: 'transferred', disposition: 'sold' },
    },
  };
}
