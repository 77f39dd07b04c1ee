import type { Check } from '../../../../src/domain/connector.ts';
import { offsetMinutes, toServerText, zoneOffsetMinutes } from '../../server-time.ts';
import { readTableClocks, type TableClocks } from '../../tables/clock-samples.ts';
import type { ApiAsked } from './api-checks.ts';
import { type CheckRun, checkOf, type Fault, type Findings } from './check-of.ts';
import type { Version } from './version.ts';

/** The same moment as a clock of the dialer shows it, and in UTC seconds. */
interface Sample {
  clock: string;
  wall: string;
  epochSec: number;
}

const aheadOrBehindSec = 30;

/** Whether times mean what we take them for. A wrong zone dates calls wrong and books callbacks at the wrong hour. */
export function clockChecks({ vicidial, site }: CheckRun, asked: ApiAsked): Check[] {
  const { config, deps, database } = vicidial;
  const needs = ['api.reachable', 'database.reachable'];
  const tables = async () => (database && site ? await readTableClocks(database) : null);
  return [
    checkOf(
      {
        id: 'clock.zone',
        title: 'The time zone in the configuration is that of the dialer',
        looksAt: 'Non-Agent API: version; vicidial_log.call_date against start_epoch',
        needs,
        why: 'Calls would get the wrong date and callbacks the wrong hour.',
      },
      async () => lookAtZone(await asked.version(), await tables(), config.timeZone),
    ),
    checkOf(
      {
        id: 'clock.apart',
        title: "The dialer's clock agrees with ours",
        looksAt: 'Non-Agent API: version',
        needs: ['api.reachable'],
        why: 'Calls are put in order by time, and lines are judged by their heartbeat.',
      },
      async () => lookAtClock(await asked.version()),
    ),
    checkOf(
      {
        id: 'servers.local-gmt',
        title: 'The dialers are set to their time zone',
        looksAt: 'servers.local_gmt',
        needs: ['clock.zone', 'database.reachable'],
        why: 'VICIdial reckons the local times of leads with it, and with them the hours in which people may be called.',
      },
      async () => lookAtServers(await tables(), winterOffset(deps.clock.now(), config.timeZone), config.timeZone),
    ),
  ];
}

/** Holds the zone against what the web server says, and what the newest log row holds. */
export function lookAtZone({ clock }: Pick<Version, 'clock'>, tables: TableClocks | null, timeZone: string): Findings {
  const samples: Sample[] = [
    ...(clock ? [{ clock: "the web server's clock", ...clock }] : []),
    ...(tables?.sample ? [logSample(tables.sample)] : []),
  ];
  if (samples.length === 0) {
    const fix = 'Make a call, so that there is a row in the log; or look at the clock of the dialer yourself.';
    return { found: 'neither the API nor a log row tells the time of the dialer', isUnknown: true, fix };
  }
  const fault = samples.map((sample) => wrongZone(sample, timeZone)).find((each) => each !== null);
  return { found: `the dialer's clock is that of ${timeZone}`, faults: fault ? [fault] : [] };
}

function wrongZone({ clock, wall, epochSec }: Sample, timeZone: string): Fault | null {
  const apart = quarters(utcOf(wall) - utcOf(toServerText(epochSec * 1000, timeZone)));
  if (apart === 0) return null;
  const own = hours(quarters(utcOf(wall) - epochSec * 1000), 'UTC');
  return {
    found: `${clock} is ${hours(apart, timeZone)}`,
    fix: `Set timeZone to the zone of the dialer: this clock is ${own}.`,
  };
}

/** Holds the servers' own setting, which is that of winter, against the zone. */
export function lookAtServers(tables: TableClocks | null, winterMinutes: number, timeZone: string): Findings {
  if (!tables) {
    const fix = 'Look yourself: Admin → Servers → each dialer → Local GMT.';
    return { found: 'without access to the tables nobody can tell', isUnknown: true, fix };
  }
  const odd = tables.servers.filter((server) => offsetMinutes(server.local_gmt) !== winterMinutes);
  const faults = odd.map(({ server_ip }) => ({
    found: `"Local GMT" of ${server_ip} is not that of ${timeZone}`,
    fix: `Admin → Servers → ${server_ip} → Local GMT: ${(winterMinutes / 60).toFixed(2)}; or correct timeZone.`,
    isWarning: true,
  }));
  return { found: tables.servers.map(({ server_ip, local_gmt }) => `${server_ip}: ${local_gmt}`).join(', '), faults };
}

/** The web server's clock against ours. */
export function lookAtClock({ clock, aheadSec }: Pick<Version, 'clock' | 'aheadSec'>): Findings {
  if (!clock) {
    return {
      found: 'this release does not tell its time',
      isUnknown: true,
      fix: 'Let both machines take their time from the same time server (NTP).',
    };
  }
  const fault: Fault = {
    found: `the web server's clock is ${Math.abs(aheadSec)} s ${aheadSec > 0 ? 'ahead of' : 'behind'} ours`,
    fix: 'Let both machines take their time from the same time server (NTP).',
    isWarning: true,
  };
  return { found: `${Math.abs(aheadSec)} s apart`, faults: Math.abs(aheadSec) > aheadOrBehindSec ? [fault] : [] };
}

function logSample({ call_date, start_epoch }: { call_date: string; start_epoch: number }): Sample {
  return { clock: 'the clock of the newest log row', wall: call_date, epochSec: start_epoch };
}

/** Wall times can be subtracted once both are read as if in UTC. */
function utcOf(wall: string): number {
  return Date.parse(`${wall.slice(0, 19).replace(' ', 'T')}Z`);
}

/** Whole quarters of an hour, in minutes: what zones differ by. */
function quarters(ms: number): number {
  return Math.round(ms / 900_000) * 15;
}

function hours(minutes: number, of: string): string {
  if (minutes === 0) return `that of ${of}`;
  return `${Math.abs(minutes) / 60} h ${minutes > 0 ? 'ahead of' : 'behind'} ${of}`;
}

/** Summer time only ever adds, so the smaller of two offsets half a year apart is the standard one. */
export function winterOffset(now: number, timeZone: string): number {
  const year = new Date(now).getUTCFullYear();
  return Math.min(...[0, 6].map((month) => zoneOffsetMinutes(Date.UTC(year, month, 15), timeZone)));
}
