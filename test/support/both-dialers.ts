import { connectors } from '../../connectors/index.ts';
import { type Five9Simulator, startFive9Simulator } from '../simulators/five9/five9-simulator.ts';
import { type SigmamindSimulator, startSigmamindSimulator } from '../simulators/sigmamind/sigmamind-simulator.ts';
import { madeUpApiUser } from '../simulators/vicidial/made-up-site.ts';
import { startVicidialSimulator, type VicidialSimulator } from '../simulators/vicidial/vicidial-simulator.ts';
import { freePort } from './free-port.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from './private-mariadb.ts';
import { eventToken, keys, startTestApp, type TestApp, webhookSecret } from './start-app.ts';

type Five9Options = Parameters<typeof startFive9Simulator>[0];
type VicidialOptions = Parameters<typeof startVicidialSimulator>[0];

const five9User = { name: 'patchbay', password: 'made-up' };

/** Patchbay between VICIdial, Five9 and SigmaMind, on one clock. */
export interface BothDialers {
  vicidial: VicidialSimulator;
  five9: Five9Simulator;
  sigmamind: SigmamindSimulator;
  patchbay: TestApp;
  /** The server of VICIdial's tables, which are the database `asterisk`. */
  login: Pick<PrivateMariaDb, 'host' | 'port' | 'user' | 'password'>;
  stop(): Promise<void>;
}

/**
 * @param wish.five9 what its domain holds
 * @param wish.dialers what is configured beside the ways to reach them
 */
export async function startBothDialers(wish: Wish): Promise<BothDialers> {
  const stops: (() => Promise<void>)[] = [];
  async function stop(): Promise<void> {
    for (const each of stops.splice(0).reverse()) await each();
  }
  try {
    return { ...(await startAll(wish, (stopOne) => stops.push(stopOne))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Wish {
  clock: VicidialOptions['clock'] & Five9Options['clock'];
  vicidial: VicidialOptions['seed'];
  five9: Five9Options['seed'];
  dialers: { vicidial: object; five9: object };
  config: object;
}

async function startAll(wish: Wish, begun: (stop: () => Promise<void>) => void): Promise<Omit<BothDialers, 'stop'>> {
  const { clock } = wish;
  const database = await startPrivateMariaDb();
  begun(database.stop);
  await database.createDatabase('asterisk');
  const { host, port: databasePort, user, password } = database;
  const login = { host, port: databasePort, user, password };
  const port = await freePort();
  const patchbayUrl = `http://127.0.0.1:${port}`;
  const sigmamind = await startSigmamindSimulator({ clock, ...platformOptions(patchbayUrl) });
  begun(sigmamind.stop);
  const five9 = await startFive9Simulator({
    ...{ clock, users: [five9User], seed: wish.five9 },
    ...{ aiUrl: sigmamind.url, patchbayUrl, ivrUser: 'script', ivrKey: keys.script },
  });
  begun(five9.stop);
  const vicidial = await startVicidialSimulator({
    clock,
    database: { ...login, name: 'asterisk' },
    serverZone: 'America/Denver',
    headersUrl: `http://script:${keys.script}@127.0.0.1:${port}/v1/ivr/vicidial/headers`,
    aiUrl: sigmamind.url,
    noticeSec: 2,
    seed: wish.vicidial,
  });
  begun(vicidial.stop);
  const vicidialConfig = {
    type: 'vicidial',
    api: { url: `${vicidial.url}/vicidial/non_agent_api.php`, ...madeUpApiUser },
    database: { ...login, name: 'asterisk' },
    timeZone: 'America/Denver',
    // What is told is the matter here, not how fast on a busy machine.
    budgets: { headersMs: 2000 },
    ...wish.dialers.vicidial,
  };
  const five9Config = {
    type: 'five9',
    soap: { host: five9.url, users: [{ user: five9User.name, password: five9User.password }] },
    domainTimeZone: 'America/Los_Angeles',
    keyField: 'number1',
    ...wish.dialers.five9,
  };
  const patchbay = await startTestApp({
    registry: connectors,
    clock,
    dialers: { vicidial: vicidialConfig, five9: five9Config },
    config: { server: { port }, ...wish.config },
  });
  begun(patchbay.stop);
  return { vicidial, five9, sigmamind, patchbay, login };
}

function platformOptions(patchbayUrl: string) {
  const signed = { algo: 'sha256', encoding: 'hex', prefix: 'sha256=', signed: 'body' } as const;
  return {
    apiKey: 'unused',
    webhookUrl: `${patchbayUrl}/v1/platforms/sigmamind/events/${eventToken}`,
    signature: { header: 'X-SigmaMind-Signature', ...signed, secrets: [webhookSecret] },
    tools: { commitUrl: `${patchbayUrl}/v1/platforms/sigmamind/tools/commit-outcome`, token: keys.tools },
  };
}
