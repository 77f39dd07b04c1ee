import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lookAtDnc } from '../../../connectors/vicidial/setup/checks/dnc-check.ts';
import { startVicidialTables, type VicidialTables } from './vicidial-tables.ts';

let tables: VicidialTables;
beforeAll(async () => {
  tables = await startVicidialTables('2026-11-20T17:00:00.000Z');
});
afterAll(() => tables.stop());

describe('the check whether campaigns heed DNC lists', () => {
  afterEach(() => tables.empty('vicidial_campaigns'));

  const campaign = (id: string, internal: string, own = 'N', active = 'Y') =>
    tables.insert('vicidial_campaigns', {
      ...{ campaign_id: id, campaign_name: id, active },
      ...{ use_internal_dnc: internal, use_campaign_dnc: own },
    });
  const check = (dnc = tables.config.dnc) => lookAtDnc({ config: { ...tables.config, dnc } }, tables.database);

  it('passes where every active campaign heeds the list', async () => {
    await campaign('SPRING', 'Y');
    await campaign('AUTUMN', 'AREACODE');
    await campaign('OLD', 'N', 'N', 'N');

    expect(await check()).toEqual({ found: 'all 2 active campaigns heed the lists', faults: [] });
  });

  it('fails where one heeds none, or only a list that opt-outs do not go to', async () => {
    await campaign('SPRING', 'N');
    await campaign('AUTUMN', 'N', 'Y');

    const { faults = [] } = await check();

    expect(faults.map(({ fix }) => fix)).toEqual([
      'Admin → Campaigns → AUTUMN → Detail → Use Internal DNC List: Y',
      'Admin → Campaigns → SPRING → Detail → Use Internal DNC List: Y',
    ]);
  });

  it('passes where a campaign heeds its own list, and that gets the opt-outs', async () => {
    await campaign('AUTUMN', 'N', 'Y');

    expect(await check({ system: false, campaigns: ['AUTUMN'] })).toMatchObject({ faults: [] });
  });
});
