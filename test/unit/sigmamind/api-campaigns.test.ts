import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createSigmamindApi } from '../../../connectors/sigmamind/api/api.ts';
import { eventually } from '../../support/eventually.ts';
import { fastClock } from './fast-clock.ts';
import { type SimulatedApi, startSimulatedApi } from './simulated-api.ts';

const own = '+15555550100';
const csv = 'Phone Number,Customer Name,correlation_id\n+15555550123,"Ada, Countess",c-1\n+12,Nobody,c-2\n';
const autumn = { campaignName: 'Autumn', sipPhoneNumber: own, agentId: 'agent_1', csv };

let one: SimulatedApi;
afterEach(() => one.simulator.stop());

it.each(['json', 'multipart'] as const)(
  'makes a campaign as %s; its rows are called, a bad one is told',
  async (way) => {
    one = await startSimulatedApi({ switches: { campaignFile: way } }, way);

    const made = await one.api.createCampaign({ ...autumn, concurrentCalls: 2, dynamicVariables: { offer: 'tea' } });
    const call = await eventually(async () => {
      const { rows } = await one.api.listCalls({});
      expect(rows).toHaveLength(1);
      return rows[0];
    });

    expect(made).toMatchObject({
      campaignStatus: 'live',
      concurrentCalls: 2,
      errors: ["Row 2: invalid phone number '+12'"],
    });
    expect(call).toMatchObject({
      campaign: { campaignId: made.campaignId, campaignName: 'Autumn' },
      dynamicVariables: { customer_name: 'Ada, Countess', correlation_id: 'c-1', offer: 'tea' },
    });
    await eventually(async () =>
      expect((await one.api.getCampaign(made.campaignId))?.campaignStatus).toBe('completed'),
    );
  },
);

it('is refused where the platform wants the other form', async () => {
  one = await startSimulatedApi({ switches: { campaignFile: 'multipart' } }, 'json');

  await expect(one.api.createCampaign(autumn)).rejects.toMatchObject({ code: 'platform_refused', inDoubt: false });
});

it('waits for its time in its zone, dials as many at once as it says, and can be changed', async () => {
  one = await startSimulatedApi();
  one.simulator.setBehaviours({ '*': { talkSec: 1, analysisAfterSec: 0, analysis: null } });
  const inAnHour = new Date(fastClock.now() + 3_600_000).toISOString();
  const rows = Array.from({ length: 20 }, (_, index) => `+155555501${index + 10},c-${index}`);
  const schedule = { date: inAnHour.slice(0, 10), time: inAnHour.slice(11, 16), timeZone: 'Etc/GMT' };

  const made = await one.api.createCampaign({
    ...autumn,
    csv: ['Phone Number,correlation_id', ...rows].join('\n'),
    concurrentCalls: 3,
    schedule,
  });
  const changed = await one.api.updateCampaign(made.campaignId, { concurrentCalls: 5 });

  expect(made).toMatchObject({ campaignStatus: 'scheduled', scheduledDate: `${inAnHour.slice(0, 16)}:00.000Z` });
  expect(changed.concurrentCalls).toBe(5);
  expect((await one.api.listCalls({})).rows).toEqual([]);
  await eventually(async () => expect((await one.api.listCalls({})).total).toBe(20), 20_000);
  const dialled = (await one.simulator.journal()).filter(({ kind }) => kind === 'dialled');
  expect(dialled.every(({ at }) => at >= inAnHour.slice(0, 16))).toBe(true);
});

it('is found by its name on a later page; a name is taken once', async () => {
  one = await startSimulatedApi({ switches: { mostPerPage: 1 } });
  const made = await one.api.createCampaign(autumn);
  await one.api.createCampaign({ ...autumn, campaignName: 'Winter' });

  expect(await one.api.findCampaign('Autumn')).toMatchObject({ campaignId: made.campaignId });
  expect(await one.api.findCampaign('Winter')).not.toBeNull();
  expect(await one.api.findCampaign('Spring')).toBeNull();
  await expect(one.api.createCampaign(autumn)).rejects.toMatchObject({ message: expect.stringContaining('409') });
});

it('takes no campaign for absent while a row of the list can not be read', async () => {
  const odd = createServer((_request, response) =>
    response.end('{"data":[{"campaignName":"Autumn"}],"hasNext":false}'),
  );
  await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(odd.address() as AddressInfo).port}`;
  one = await startSimulatedApi();
  const api = createSigmamindApi({ clock: fastClock, random: () => 0 }, { apiUrl, apiKey: 'key-1', timeoutMs: 500 });

  await expect(api.findCampaign('Autumn')).rejects.toThrow("can't be read to its end");
  odd.close();
});
