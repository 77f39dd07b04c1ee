import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hash } from '@node-rs/argon2';
import { roles } from '../../src/domain/roles.ts';
import { freePort } from '../support/free-port.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../support/private-mariadb.ts';
import { type DemoClock, startDemoClock } from './demo-clock.ts';
import { installFive9Script } from './five9-script.ts';
import { morningPeople } from './next-morning.ts';
import type { DemoOptions } from './options.ts';
import { type DemoPlaces, type DemoSecrets, type DemoUser, webhookSignature, writeConfig } from './patchbay-config.ts';
import { type RunningProcess, reapLeftOvers, startProcess } from './processes.ts';
import type { ScriptedCall } from './script.ts';
import { seedFive9, seedVicidial } from './seed.ts';
import * as site from './site.ts';

export interface World {
  folder: string;
  clock: DemoClock;
  secrets: DemoSecrets;
  users: readonly DemoUser[];
  patchbayUrl: string;
  /** VICIdial's own interface of the simulator, which lives on while its web server is dead. */
  vicidialUrl: string;
  /** VICIdial's web server. */
  vicidialWebUrl: string;
  five9Url: string;
  sigmamindUrl: string;
  /** The MariaDB that holds VICIdial's tables. */
  database: PrivateMariaDb;
  patchbay(): RunningProcess;
  /** Signal 9, and started again. Gives the milliseconds of the machine until it was ready. */
  killPatchbay(): Promise<number>;
  stop(): Promise<void>;
}

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Starts the day's cast: MariaDB, three simulators and Patchbay, each a process of its own, on one clock.
 *
 * @param changes sections of Patchbay's configuration to be used in the place of the demo's
 */
export async function startWorld(
  options: DemoOptions,
  script: readonly ScriptedCall[],
  startsAt: number,
  tell: (line: string) => void,
  changes: object = {},
): Promise<World> {
  const reaped = reapLeftOvers();
  if (reaped > 0) tell(`ended ${reaped} processes that an earlier demo left behind`);
  const folder = file(`../../var/demo-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // The clock stands almost still until everybody is there.
  const clock = startDemoClock(`${folder}/clock.json`, startsAt, 0.001);
  const running: { stop(): Promise<void> }[] = [];

  async function stop(): Promise<void> {
    for (const part of running.reverse()) await part.stop();
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    const secrets = makeSecrets();
    const users = await makeUsers();
    const port = options.port || (await freePort());
    const agiPort = await freePort();
    const patchbayUrl = `http://127.0.0.1:${port}`;

    tell('starting a private MariaDB for the tables of VICIdial');
    const database = await startPrivateMariaDb({ args: ['--myisam-recover-options=BACKUP,FORCE'] });
    running.push(database);
    const databaseName = 'asterisk';
    await database.createDatabase(databaseName);

    tell('starting the simulators of VICIdial, Five9 and SigmaMind');
    const simulators = await startSimulators({
      clock,
      secrets,
      patchbayUrl,
      agiPort,
      database,
      databaseName,
      script,
      options,
    });
    running.push(...simulators.processes);

    const places: DemoPlaces = { folder, port, agiPort, database, databaseName, ...simulators.urls };
    const configFile = `${folder}/patchbay.json`;
    const config = writeConfig(options, secrets, hashesOf(secrets), places, users);
    writeFileSync(configFile, JSON.stringify({ ...config, ...changes }, null, 2));
    await installFive9Script(places.five9Url, config.dialers.five9, patchbayUrl);

    const startPatchbay = () =>
      startProcess('patchbay', [file('../../src/cli/patchbay.js'), 'serve'], {
        env: { PATCHBAY_CONFIG: configFile, PATCHBAY_CLOCK_FILE: clock.path },
        isReady: (line) => line.msg === 'patchbay is ready',
      });
    let patchbay = await startPatchbay();
    running.push({ stop: () => patchbay.stop() });
    tell(`Patchbay answers at ${patchbayUrl}`);

    return {
      folder,
      clock,
      secrets,
      users,
      patchbayUrl,
      ...simulators.urls,
      database,
      patchbay: () => patchbay,
      async killPatchbay() {
        const killedAt = performance.now();
        await patchbay.stop('SIGKILL');
        patchbay = await startPatchbay();
        return Math.round(performance.now() - killedAt);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startSimulators(input: {
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
      [file(`../simulators/${name}/main.ts`), JSON.stringify({ clockFile: clock.path, ...options })],
      {
        isReady,
      },
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

function makeSecrets(): DemoSecrets {
  const secret = () => randomBytes(24).toString('hex');
  return {
    five9Key: secret(),
    asteriskKey: secret(),
    toolsKey: secret(),
    eventToken: secret(),
    webhookSecret: secret(),
    soapPassword: secret(),
    apiPassword: randomBytes(9).toString('hex'),
    platformKey: secret(),
  };
}

/** One user of each role, with passwords of this demo alone. */
function makeUsers(): Promise<DemoUser[]> {
  return Promise.all(
    roles.map(async (role) => {
      const password = randomBytes(9).toString('base64url');
      return { name: role, role, password, passwordHash: await hash(password) };
    }),
  );
}

function hashesOf(secrets: DemoSecrets): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secrets).map(([name, value]) => [name, createHash('sha256').update(String(value)).digest('hex')]),
  );
}
