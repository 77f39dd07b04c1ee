import type { CheckResult } from '../../../src/domain/connector.ts';
import { offsetMinutes, toServerText, zoneOffsetMinutes } from '../server-time.ts';
import { readTableClocks } from '../tables/clock-samples.ts';
import type { Vicidial } from '../vicidial.ts';

/** The same moment as a clock of the dialer shows it, and in UTC seconds. */
interface Sample {
  clock: string;
  wall: string;
  epochSec: number;
}

const aheadOrBehindSec = 30;

/**
 * Holds the configured zone against what VICIdial's web server says, what its newest log row holds, and what its servers
 * are set to. A wrong zone dates calls wrong and books callbacks at the wrong hour.
 */
export async function checkClock({ api, database, config, deps }: Vicidial): Promise<CheckResult> {
  const web = readVersion(await api.call('version'));
  const tables = database ? await readTableClocks(database) : { sample: null, servers: [] };
  const samples = [...(web ? [web] : []), ...(tables.sample ? [logSample(tables.sample)] : [])];
  if (samples.length === 0) {
    return { status: 'unknown', found: 'neither the API nor a log row tells the time of the dialer' };
  }
  const now = deps.clock.now();
  return (
    wrongZone(samples, config.timeZone) ??
    wrongServers(tables.servers, winterOffset(now, config.timeZone), config.timeZone) ??
    wrongClock(web, now) ?? { status: 'ok', found: `the dialer's clock is that of ${config.timeZone}` }
  );
}

function wrongZone(samples: readonly Sample[], timeZone: string): CheckResult | null {
  for (const { clock, wall, epochSec } of samples) {
    const apart = quarters(utcOf(wall) - utcOf(toServerText(epochSec * 1000, timeZone)));
    if (apart === 0) continue;
    return {
      status: 'fail',
      found: `${clock} is ${hours(apart, timeZone)}`,
      why: 'Calls would get the wrong date and callbacks the wrong hour.',
      fix: `Set timeZone to the zone of the dialer: this clock is ${hours(quarters(utcOf(wall) - epochSec * 1000), 'UTC')}.`,
    };
  }
  return null;
}

function wrongServers(
  servers: readonly { server_ip: string; local_gmt: string }[],
  winterMinutes: number,
  timeZone: string,
): CheckResult | null {
  const odd = servers.filter((server) => offsetMinutes(server.local_gmt) !== winterMinutes);
  if (odd.length === 0) return null;
  return {
    status: 'warn',
    found: `"Local GMT" of ${odd.map((server) => server.server_ip).join(', ')} is not that of ${timeZone}`,
    why: 'VICIdial reckons the local times of leads with it.',
    fix: `Set it to ${(winterMinutes / 60).toFixed(2)} (Admin, Servers), or correct timeZone.`,
  };
}

function wrongClock(web: Sample | null, now: number): CheckResult | null {
  const apartSec = web ? Math.round(web.epochSec - now / 1000) : 0;
  if (Math.abs(apartSec) <= aheadOrBehindSec) return null;
  return {
    status: 'warn',
    found: `the web server's clock is ${Math.abs(apartSec)} s ${apartSec > 0 ? 'ahead of' : 'behind'} ours`,
    why: 'Calls are put in order by time.',
    fix: 'Let both machines take their time from the same time server (NTP).',
  };
}

/** `VERSION: …|BUILD: …|DATE: local time|EPOCH: n|…`; null when a release does not tell. */
function readVersion(answer: Awaited<ReturnType<Vicidial['api']['call']>>): Sample | null {
  const parts = answer.kind === 'lines' ? (answer.lines[0]?.parts ?? []) : [];
  const said = (name: string) => parts.find((part) => part.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
  const [wall, epochSec] = [said('DATE'), Number(said('EPOCH'))];
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(wall) || !(epochSec > 0)) return null;
  return { clock: "the web server's clock", wall, epochSec };
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
function winterOffset(now: number, timeZone: string): number {
  const year = new Date(now).getUTCFullYear();
  return Math.min(...[0, 6].map((month) => zoneOffsetMinutes(Date.UTC(year, month, 15), timeZone)));
}
