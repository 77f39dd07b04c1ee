import { fileURLToPath } from 'node:url';
import type { PrivateMariaDb } from '../support/private-mariadb.ts';
import type { DemoClock } from './demo-clock.ts';
import { morningPeople } from './next-morning.ts';
import type { DemoOptions } from './options.ts';
import { type DemoSecrets, webhookSignature } from './patchbay-config.ts';
import { startProcess } from './processes.ts';
import type { ScriptedCall } from './script.ts';
import { seedFive9, seedVicidial } from './seed.ts';
import * as site from './site.ts';

/** VICIdial, Five9 and the AI platform, each a process of its own. */
export async function startSimulators(input: {
  clock: DemoClock;
  secrets: DemoSecrets;
  patchbayUrl: string;
  agiPort: number;
  database: PrivateMariaDb;
  databaseName: string;
  script: readonly ScriptedCall[];
  options: DemoOptions;
}) {
  const { clock, secrets, patchbayUrl, agiPort, database, databaseName, script, options } = input;
  const isReady = (line: Record<string, unknown>) => line.ready === true;
  const nextMorning = options.isOnce ? 0 : morningPeople;
  const start = (name: string, options: object) =>
    startProcess(
      `the ${name} simulator`,
      [fileURLToPath(new URL(`../simulators/${name}/main.ts`, import.meta.url)), '-'],
      { isReady, input: JSON.stringify({ clockFile: clock.path, ...options }) },
    );

  const sigmamind = await start('sigmamind', {
    apiKey: secrets.platformKey,
    webhookUrl: `${patchbayUrl}/v1/platforms/sigmamind/events/${secrets.eventToken}`,
    signature: { ...webhookSignature, secrets: [secrets.webhookSecret] },
    tools: { commitUrl: `${patchbayUrl}/v1/platforms/sigmamind/tools/commit-outcome`, token: secrets.toolsKey },
  });
  const aiUrl = String(sigmamind.ready.url);
  const [vicidial, five9] = await Promise.all([
    start('vicidial', {
      database: {
        host: database.host,
        port: database.port,
        user: database.user,
        password: database.password,
        name: databaseName,
      },
      serverZone: site.serverZone,
      headersUrl: withKey(`${patchbayUrl}/v1/ivr/vicidial/headers`, 'asterisk', secrets.asteriskKey),
      agiUrl: `agi://127.0.0.1:${agiPort}/vicidial`,
      aiUrl,
      // Between the hand-over and the carrier's entry lies some work of Asterisk: the database may die meanwhile.
      ...(options.dialerKills > 0 && { carrierSec: 6 }),
      seed: seedVicidial(secrets.apiPassword, site.peopleOf(script, 'vicidial', nextMorning)),
    }),
    start('five9', {
      users: [{ name: 'patchbay', password: secrets.soapPassword }],
      aiUrl,
      patchbayUrl,
      ivrKey: secrets.five9Key,
      dialer: 'five9',
      seed: seedFive9(site.peopleOf(script, 'five9', nextMorning)),
    }),
  ]);
  return {
    processes: [sigmamind, vicidial, five9],
    urls: {
      sigmamindUrl: aiUrl,
      vicidialUrl: String(vicidial.ready.controlUrl),
      vicidialWebUrl: String(vicidial.ready.url),
      five9Url: String(five9.ready.url),
    },
  };
}

function withKey(url: string, user: string, key: string): string {
  const full = new URL(url);
  full.username = user;
  full.password = key;
  return full.href;
}
