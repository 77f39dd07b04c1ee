import { describe, expect, it } from 'vitest';
import { Five9Config } from '../../../connectors/five9/config.ts';

const least = {
  type: 'five9',
  domainTimeZone: 'America/New_York',
  soap: { users: [{ user: 'ada', password: 'engine' }] },
};

function faults(config: object): string[] {
  const parsed = Five9Config.safeParse({ ...least, ...config });
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('Five9Config', () => {
  it('needs a user and the time zone of the domain, no more', () => {
    const config = Five9Config.parse(least);

    expect(config).toMatchObject({
      soap: { host: 'https://api.five9.com', version: 'v13' },
      keyField: 'patchbay_key',
      headerBudget: { bytes: 2048 },
      budgets: { outcomeMs: 1500 },
      batch: { flushMs: 60_000, rows: 100, bulkFrom: 1000, bulkRows: 5000 },
      dncWindow: { from: '23:00', to: '06:00', timeZone: 'America/Los_Angeles' },
    });
  });

  it('wants a list for callbacks as soon as a campaign maps one', () => {
    const campaigns = { Spring: { dispositions: { callback: 'AI - Callback' } } };

    expect(faults({ campaigns })).toEqual([expect.stringMatching(/^callbackList: /)]);
    expect(faults({ campaigns, callbackList: 'AI callbacks' })).toEqual([]);
  });

  it.each([
    [{ domainTimeZone: 'Eastern' }, 'domainTimeZone'],
    [{ batch: { rows: 101 } }, 'batch.rows'],
    [{ dncWindow: { from: '24:00' } }, 'dncWindow.from'],
    [{ soap: { users: [] } }, 'soap.users'],
    [{ keyfield: 'number1' }, ''],
    [{ batch: { bulkRows: 50_001 } }, 'batch.bulkRows'],
    [{ callLog: { cron: 'hourly' } }, 'callLog.cron'],
    [{ callLog: { timePatterns: ['HH:mm'] } }, 'callLog.timePatterns.0'],
    [{ callLog: { overlapMinutes: 60 } }, 'callLog.overlapMinutes'],
    [{ sync: { report: { folder: 'Ours' } } }, 'sync.report.name'],
    [{ sync: { report: { folder: 'Ours', name: 'Leads', overlapMinutes: 60 } } }, 'sync.report.overlapMinutes'],
    [{ reports: { pollSec: 1 } }, 'reports.pollSec'],
    [{ imports: { callback: {} } }, 'imports.callback'],
    [{ imports: { callback: { token: 'too-short' } } }, 'imports.callback.token'],
    [
      { imports: { callback: { authProfile: 'Patchbay' } }, soap: { ...least.soap, version: 'v9_5' } },
      'imports.callback.authProfile',
    ],
  ])('refuses %j', (config, path) => {
    expect(faults(config)[0]?.split(':')[0]).toBe(path);
  });
});
