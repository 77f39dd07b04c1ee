import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { pino } from 'pino';
import { configSchema } from '../../../config/schema.ts';
import { connectors } from '../../../connectors/index.ts';
import { type App, createApp } from '../../../src/app.ts';
import type { Leg } from '../../../src/domain/call.ts';
import { localTime } from '../../../src/domain/zone-time.ts';
import { committed, entry, registration } from '../../contract/store/store-cast.ts';
import type { RunningProcess } from '../../demo/processes.ts';
import { type Dialers, layOutSite, type Open, startDialers, startScript, startService } from './contestants.ts';
import { forgetPeak, memoryMb, processorUs } from './processes.ts';
import { vicidialZone } from './site.ts';

/** A backlog of write-backs that is brought to a dialer which answers at once. */
export interface Drained {
  dialer: string;
  rows: number;
  ms: number;
  perSecond: number;
  /** Processor time of the service for one row. */
  cpuUs: number;
  /** The same of the simulated dialer, with its database and what looks on: it shares the machine. */
  dialerCpuUs: number;
  peakMb: number;
}

const backlogs = { five9: 30_000, vicidial: 4000 };
const atOnce = 200;
const lookMs = 200;
const patienceMs = 180_000;

/** One dialer after the other: the backlog lies in the store when the service starts, and drains as fast as it can. */
export async function measureDrains(folder: string): Promise<Drained[]> {
  const drained: Drained[] = [];
  for (const [dialer, rows] of Object.entries(backlogs)) drained.push(await measureDrain({ dialer, rows, folder }));
  return drained;
}

/** @param nodeArgs of the service's own process: a profile, say */
export async function measureDrain(
  { dialer, rows, folder }: { dialer: string; rows: number; folder: string },
  nodeArgs: readonly string[] = [],
): Promise<Drained> {
  const open: Open = [];
  try {
    const dialers = await startDialers(open, dialer === 'vicidial' ? rows : 10);
    const api = dialer === 'vicidial' ? await startQuickApi(dialers, open) : null;
    const asked = api ? { ...dialers, vicidialUrl: `http://127.0.0.1:${api.ready.port}` } : dialers;
    const dialerPids = [process.pid, dialers.databasePid, ...(api ? [api.pid] : [])];
    return await drain({ dialer, rows, folder: join(folder, `drain-${dialer}`), dialers: asked, dialerPids }, nodeArgs);
  } finally {
    for (const part of open.reverse()) await part.stop();
  }
}

/** In the place of the simulator's API, which does as much for a request as PHP does. */
async function startQuickApi({ vicidialDatabase }: Dialers, open: Open): Promise<RunningProcess> {
  const api = await startScript('quick-vicidial.ts', [JSON.stringify(vicidialDatabase)]);
  open.push(api);
  return api;
}

interface Backlog {
  dialer: string;
  rows: number;
  folder: string;
  dialers: Dialers;
  /** What answers for the dialer, and looks on. */
  dialerPids: readonly number[];
}

async function drain(backlog: Backlog, nodeArgs: readonly string[]): Promise<Drained> {
  const { dialer, rows, folder, dialers, dialerPids } = backlog;
  const site = await layOutSite(folder, dialers, null, 'dispositions');
  const legs = Array.from({ length: rows }, (_, index) => (dialer === 'five9' ? five9Leg(index) : vicidialLeg(index)));
  if (dialer === 'five9') {
    const contacts = legs.map(({ number }) => ({ fields: { number1: number }, lists: ['Spring list'] }));
    dialers.five9.seed({ contacts });
  } else {
    await logCalls(dialers, legs);
  }
  await recordCalls(site.configFile, legs);

  const service = await startService(site.configFile, nodeArgs);
  try {
    forgetPeak(service.pid);
    const [startedAt, before, dialerBefore] = [performance.now(), processorUs([service.pid]), processorUs(dialerPids)];
    await untilDrained(site.port, startedAt + patienceMs);
    const ms = performance.now() - startedAt;
    const cpuUs = (processorUs([service.pid]) - before) / rows;
    const dialerCpuUs = (processorUs(dialerPids) - dialerBefore) / rows;
    return { dialer, rows, ms, perSecond: (1000 * rows) / ms, cpuUs, dialerCpuUs, peakMb: memoryMb(service.pid).peak };
  } finally {
    await service.stop();
  }
}

/** As the calls would have done it, while nobody delivers yet. */
async function recordCalls(configFile: string, legs: readonly Leg[]): Promise<void> {
  const app = await openApp(configFile);
  const now = new Date().toISOString();
  for (let start = 0; start < legs.length; start += atOnce) {
    const facts = legs.slice(start, start + atOnce).flatMap((leg) => {
      const refs = [{ instance: leg.dialer, kind: 'call-id', key: leg.callKey }];
      return [
        entry(refs, `registered:${leg.callKey}`, registration(leg), { source: leg.dialer, at: now }),
        entry(refs, 'commit', committed('sale'), { at: now }),
      ];
    });
    await app.deps.store.recordFacts({ facts, now });
  }
  await app.stop(0);
}

function openApp(configFile: string): Promise<App> {
  const config = configSchema(connectors).parse(JSON.parse(readFileSync(configFile, 'utf8')));
  return createApp({ config, registry: connectors, logger: pino({ level: 'silent' }) });
}

function five9Leg(index: number): Leg {
  const number = `${200 + Math.floor(index / 100)}5550${100 + (index % 100)}`;
  const callKey = String(30_000_000_000 + index);
  return { ...legOf('five9', callKey, number), campaign: 'Spring', leadKey: number };
}

function vicidialLeg(index: number): Leg {
  const lead = 1001 + index;
  const code = `V${wallOf(Date.now() - 600_000)
    .replace(/\D/g, '')
    .slice(5)}${String(lead).padStart(10, '0')}`;
  return {
    ...legOf('vicidial', code, `303555${1000 + index}`),
    campaign: 'SPRING',
    list: '101',
    leadKey: String(lead),
  };
}

function legOf(dialer: string, callKey: string, number: string): Leg {
  const calledAt = new Date(Date.now() - 600_000).toISOString();
  return { dialer, callKey, campaign: '', list: '', leadKey: '', number, phone: `+1${number}`, agent: '', calledAt };
}

/** The rows that VICIdial keeps of calls that are over: what is read back, and corrected. */
async function logCalls({ vicidialDatabase }: Dialers, legs: readonly Leg[]): Promise<void> {
  const { name: database, ...login } = vicidialDatabase;
  const connection = await createConnection({ ...login, database });
  const startedSec = Math.floor(Date.now() / 1000) - 600;
  const callDate = wallOf(startedSec * 1000);
  const uniqueidOf = (leg: Leg) => `${startedSec}.${leg.leadKey}`;
  await connection.query(
    'INSERT INTO vicidial_log_extended (uniqueid, server_ip, call_date, lead_id, caller_code) VALUES ?',
    [legs.map((leg) => [uniqueidOf(leg), '10.10.10.15', callDate, leg.leadKey, leg.callKey])],
  );
  await connection.query(
    `INSERT INTO vicidial_log (uniqueid, lead_id, list_id, campaign_id, call_date, start_epoch, end_epoch, length_in_sec,
     status, phone_code, phone_number, user, comments, processed, term_reason, called_count) VALUES ?`,
    [
      legs.map((leg) => [
        ...[uniqueidOf(leg), leg.leadKey, 101, 'SPRING', callDate, startedSec, startedSec + 60, 60],
        ...['AB', '1', leg.number, 'VDAD', 'AUTO', 'N', 'CALLER', 1],
      ]),
    ],
  );
  await connection.end();
}

function wallOf(ms: number): string {
  const { year, month, day, minute } = localTime(vicidialZone, ms);
  const two = (number: number) => String(number).padStart(2, '0');
  const time = [Math.floor(minute / 60), minute % 60, Math.floor(ms / 1000) % 60].map(two).join(':');
  return `${year}-${two(month)}-${two(day)} ${time}`;
}

/** By the service's own count of what is not at its end. Right after its start it may not tell yet, which is not nothing. */
async function untilDrained(port: number, endsAt: number): Promise<void> {
  let hasBegun = false;
  for (;;) {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const counts = [...text.matchAll(/^patchbay_write_backs\{[^}]*state="(\w+)"[^}]*\} (\d+)/gm)];
    const of = (states: readonly string[]) =>
      counts.filter(([, state = '']) => states.includes(state)).reduce((sum, [, , count]) => sum + Number(count), 0);
    if (of(['refused', 'dead']) > 0) throw new Error('write-backs of the bench were refused');
    const open = of(['pending', 'claimed', 'submitted']);
    if (hasBegun && open === 0) return;
    hasBegun ||= open > 0;
    if (performance.now() > endsAt) throw new Error('the backlog was not drained in time');
    await wait(lookMs);
  }
}
