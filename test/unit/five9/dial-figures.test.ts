import { expect, it } from 'vitest';
import { five9 } from '../../../connectors/five9/index.ts';
import { startFive9Simulator } from '../../simulators/five9/five9-simulator.ts';
import { realClock } from '../../support/real-clock.ts';
import { startTestApp } from '../../support/start-app.ts';

it('tells how the outbound campaigns dial, and where the drops are shown', async () => {
  const users = [{ name: 'ada@example', password: 'engine' }];
  const members = { dialingMode: 'POWER', callsAgentRatio: 1.5 };
  const campaigns = [
    { name: 'Spring', type: 'OUTBOUND' as const, members },
    { name: 'Service', type: 'INBOUND' as const },
  ];
  const simulator = await startFive9Simulator({ clock: realClock, users, seed: { campaigns } });
  const patchbay = await startTestApp({
    registry: { dialers: [five9], platforms: [] },
    config: { platforms: {} },
    dialers: {
      five9: {
        type: 'five9',
        domainTimeZone: 'America/New_York',
        keyField: 'number1',
        soap: { host: simulator.url, users: [{ user: 'ada@example', password: 'engine' }] },
        campaigns: { Spring: { lines: 6 }, Service: {}, '*': {} },
      },
    },
  });
  try {
    const figures = await patchbay.app.deps.dialers.get('five9')?.dialFigures?.();

    expect(figures).toMatchObject([
      { campaign: 'Spring', spans: [], lines: 6, level: 1.5, isAdaptive: false },
      { campaign: 'Service', spans: [], lines: null, level: null },
    ]);
    expect(figures?.[0]?.dropsAt).toContain('Reports');
  } finally {
    await patchbay.stop();
    await simulator.stop();
  }
});
