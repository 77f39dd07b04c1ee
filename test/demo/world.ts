import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/free-port.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../support/private-mariadb.ts';
import { type Balancer, type SeenRequest, startBalancer } from './balancer.ts';
import { type ClockCopy, type DemoClock, startDemoClock } from './demo-clock.ts';
import { hashesOf, makeSecrets, makeUsers } from './demo-keys.ts';
import { installFive9Script } from './five9-script.ts';
import { type Member, startMember } from './members.ts';
import type { DemoOptions } from './options.ts';
import { type OwnStore, startOwnStore } from './own-store.ts';
import { type DemoPlaces, type DemoSecrets, type DemoUser, writeConfig } from './patchbay-config.ts';
import { type RunningProcess, reapLeftOvers } from './processes.ts';
import type { ScriptedCall } from './script.ts';
import { startSimulators } from './start-simulators.ts';

export interface World {
  folder: string;
  clock: DemoClock;
  /** Patchbay's own, which shows the same until somebody moves it. */
  patchbayClock: ClockCopy;
  secrets: DemoSecrets;
  users: readonly DemoUser[];
  /** Where dialers and the platform reach Patchbay: a balancer where there are several. */
  patchbayUrl: string;
  /** The processes of Patchbay; one, unless the shape says more. */
  members: readonly Member[];
  /** What stands before several; null before one. */
  balancer: Balancer | null;
  /** Patchbay's own database. */
  store: OwnStore;
  /** VICIdial's own interface of the simulator, which lives on while its web server is dead. */
  vicidialUrl: string;
  /** VICIdial's web server. */
  vicidialWebUrl: string;
  five9Url: string;
  sigmamindUrl: string;
  /** The MariaDB that holds VICIdial's tables. */
  database: PrivateMariaDb;
  /** The first member's process. */
  patchbay(): RunningProcess;
  /** Signal 9 for the first member, and started again. Gives the milliseconds of the machine until it was ready. */
  killPatchbay(): Promise<number>;
  /** What `/metrics` of each member says; rejects when one does not answer. */
  metrics(): Promise<string[]>;
  stop(): Promise<void>;
}

export interface WorldShape {
  /** How many processes of Patchbay; several need MariaDB. (Default: 1) */
  patchbays?: number;
  /** Patchbay's own database: a file, or a private MariaDB beside VICIdial's. (Default: sqlite) */
  store?: 'sqlite' | 'mysql';
  /** Folder of the Patchbay that its processes are at first: what is started again is this one. (Default: this one) */
  firstVersion?: string | undefined;
  /** Hears of each request that the balancer handed on. (Default: nobody does) */
  onAnswer?(seen: SeenRequest): void;
  /** Simulated seconds in which a busy machine is sure to be through with a request. (Default: time is the dialer's own) */
  patienceSec?: number;
  /** Puts something between Patchbay and its dialers. (Default: nothing) */
  wires?(urls: DialerUrls): Promise<DialerUrls>;
}

type DialerUrls = Pick<DemoPlaces, 'vicidialWebUrl' | 'five9Url'>;

/** Longer than two looks of the balancer. */
const drainMs = 400;

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
  { patchbays = 1, store: storeKind = 'sqlite', firstVersion, onAnswer, patienceSec, wires }: WorldShape = {},
): Promise<World> {
  if (patchbays > 1 && storeKind === 'sqlite') throw new Error('several processes of Patchbay need MariaDB');
  const reaped = reapLeftOvers();
  if (reaped > 0) tell(`ended ${reaped} processes that an earlier demo left behind`);
  const folder = fileURLToPath(new URL(`../../var/demo-${process.pid}`, import.meta.url));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // The clock stands almost still until everybody is there.
  const clock = startDemoClock(`${folder}/clock.json`, startsAt, 0.001);
  const patchbayClock = clock.copyTo(`${folder}/patchbay-clock.json`);
  const running: { stop(): Promise<void> }[] = [];

  async function stop(): Promise<void> {
    for (const part of running.reverse()) await part.stop();
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    const secrets = makeSecrets();
    const users = await makeUsers();
    const ports = await choosePorts(options.port, patchbays);
    const patchbayUrl = `http://127.0.0.1:${ports.front.port}`;

    tell('starting a private MariaDB for the tables of VICIdial');
    const database = await startPrivateMariaDb({ args: ['--myisam-recover-options=BACKUP,FORCE'] });
    running.push(database);
    const databaseName = 'asterisk';
    await database.createDatabase(databaseName);
    const store = await startOwnStore(storeKind, folder);
    running.push(store);

    tell('starting the simulators of VICIdial, Five9 and SigmaMind');
    const simulators = await startSimulators({
      clock,
      secrets,
      patchbayUrl,
      agiPort: ports.front.agiPort,
      database,
      databaseName,
      script,
      options,
    });
    running.push(...simulators.processes);

    const wired = await wires?.(simulators.urls);

    const configOf = (index: number) => {
      const places: DemoPlaces = {
        folder,
        ...(ports.members[index] ?? ports.front),
        database,
        databaseName,
        ...simulators.urls,
        ...wired,
        publicUrl: patchbayUrl,
        store: store.section,
        ...(index > 0 && { spoolFolder: `${folder}/spool-${index + 1}` }),
        ...(patchbays > 1 && { drainMs }),
        ...(patienceSec !== undefined && { patienceSec }),
      };
      return writeConfig(options, secrets, hashesOf(secrets), places, users);
    };
    await installFive9Script(simulators.urls.five9Url, configOf(0).dialers.five9, patchbayUrl);

    const members: Member[] = [];
    for (const [index, { port, agiPort }] of ports.members.entries()) {
      const place = { folder, port, agiPort, clockFile: patchbayClock.path, version: firstVersion };
      const name = index === 0 ? 'patchbay' : `patchbay-${index + 1}`;
      const member = await startMember(name, place, { ...configOf(index), ...changes });
      members.push(member);
      running.push({ stop: () => member.process().stop() });
    }
    const balancer =
      patchbays > 1
        ? await startBalancer(members, { http: ports.front.port, agi: ports.front.agiPort }, onAnswer)
        : null;
    if (balancer) running.push(balancer);
    tell(`Patchbay answers at ${patchbayUrl}`);
    const [first] = members;
    if (!first) throw new Error('the world needs a Patchbay');

    return {
      folder,
      clock,
      patchbayClock,
      secrets,
      users,
      patchbayUrl,
      members,
      balancer,
      store,
      ...simulators.urls,
      database,
      patchbay: () => first.process(),
      async killPatchbay() {
        const killedAt = performance.now();
        await first.kill();
        await first.start();
        return Math.round(performance.now() - killedAt);
      },
      metrics: () => Promise.all(members.map(async ({ url }) => (await fetch(`${url}/metrics`)).text())),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Ports {
  port: number;
  agiPort: number;
}

/** Where the world is reached, and where each member listens: the same for one. */
async function choosePorts(wanted: number, patchbays: number): Promise<{ front: Ports; members: Ports[] }> {
  const front = { port: wanted || (await freePort()), agiPort: await freePort() };
  if (patchbays === 1) return { front, members: [front] };
  const members: Ports[] = [];
  for (let index = 0; index < patchbays; index += 1) {
    members.push({ port: await freePort(), agiPort: await freePort() });
  }
  return { front, members };
}
