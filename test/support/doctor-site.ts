import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema, type PatchbayConfig } from '../../config/schema.ts';
import { warningsOf } from '../../config/warnings.ts';
import { openOfflineSite } from '../../src/cli/offline-site.ts';
import { outcomeCodes } from '../../src/domain/outcome-codes.ts';
import { allChecks, type DoctorSite } from '../../src/flows/doctor/site.ts';
import { keepCallCounts } from '../../src/flows/keep-call-counts.ts';
import { recordFacts } from '../../src/flows/record-facts.ts';
import { startTcpGate, type TcpGate } from '../contract/dialers/tcp-gate.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import { oracle } from '../contract/made-up/made-up-platform.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { makeCertificate, type TestCertificate } from './certificates.ts';
import { startTestApp, type TestApp } from './start-app.ts';

const hash = (key: string) => createHash('sha256').update(key).digest('hex');
const registry = { dialers: [madeUp], platforms: [oracle] };

/** A site with a made-up dialer and a made-up platform, a Patchbay that runs, and a TLS server in front of it. */
export interface MadeUpSite {
  folder: string;
  /** The configuration as it is written: a test changes it. */
  raw: ReturnType<typeof rawConfig>;
  dialer: MadeUpServer;
  platform: MadeUpServer;
  /** The way from the TLS server, and from this machine, to the service. */
  gate: TcpGate;
  front: TlsFront;
  /** Opened anew, as each run of the doctor does. */
  open(): DoctorSite;
  checks(): ReturnType<typeof allChecks>;
  /** Registers a call of a campaign of the dialer, and has it counted. */
  callFrom(campaign: string): Promise<void>;
  stop(): Promise<void>;
}

export interface TlsFront {
  port: number;
  authority: TestCertificate;
  /** Shows another certificate from now on. */
  show(certificate: { key: string; cert: string }): void;
  showGood(): void;
}

export async function startMadeUpSite(): Promise<MadeUpSite> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-doctor-'));
  const dialer = await startMadeUpServer([]);
  const platform = await startMadeUpServer([]);
  layOut(dialer, platform);
  const file = join(folder, 'store.sqlite');
  const app: TestApp = await startTestApp({ store: { kind: 'sqlite', file } });
  const gate = await startTcpGate(Number(new URL(app.url).port));
  const { server, front } = await startFront(gate);
  const raw = rawConfig(folder, file, gate, front, dialer, platform);
  writeFileSync(join(folder, 'patchbay.yaml'), JSON.stringify(raw));

  function open(): DoctorSite {
    const config: PatchbayConfig = configSchema(registry).parse(raw);
    const environment = { variables: {}, configFile: undefined, clockFile: undefined };
    const context = { registry, environment, configFile: () => join(folder, 'patchbay.yaml') };
    const { site } = openOfflineSite(context, config, warningsOf(config));
    return { ...site, trusted: front.authority.cert };
  }
  return {
    folder,
    raw,
    dialer,
    platform,
    gate,
    front,
    open,
    checks: () => allChecks(open()),
    callFrom: (campaign) => callFrom(app, campaign),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await gate.stop();
      await app.stop();
      await dialer.stop();
      await platform.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function callFrom({ app: { deps } }: TestApp, campaign: string): Promise<void> {
  const now = new Date(deps.clock.now()).toISOString();
  const leg = { dialer: 'carousel', callKey: `call of ${campaign}`, campaign, list: '', leadKey: '', agent: '' };
  const body = { kind: 'registered', via: 'register', route: 'ai', reason: '', fields: {} } as const;
  const refs = [{ instance: 'carousel', kind: 'call-id', key: leg.callKey }];
  const registered = { ...body, leg: { ...leg, number: '', phone: '', calledAt: now } };
  await recordFacts(deps, [{ refs, source: 'carousel', key: leg.callKey, at: now, body: registered }], {
    budgetMs: 5000,
  });
  const marks = new Map();
  while (!(await keepCallCounts(deps, marks)).isWhole);
}

function layOut(dialer: MadeUpServer, platform: MadeUpServer): void {
  dialer.fields.set('patchbay_key', { name: 'patchbay_key', note: '' });
  dialer.ways.push({
    campaign: 'Autumn',
    where: 'Admin → Ways → Autumn',
    number: '+19895551234',
    sipHost: 'SIP.oracle.test:5060',
    transport: 'udp',
    headers: ['X-correlation_id', 'X-lead_id', 'X-first_name'],
    lines: 3,
    isActive: true,
  });
  Object.assign(platform.platform, {
    agents: [
      {
        agentId: 'agent_autumn',
        name: 'Autumn agent',
        isPublished: true,
        variables: ['correlation_id', 'lead_id', 'first_name'],
        outcomes: ['qualified', 'callback', 'not_interested', 'opt_out'],
      },
    ],
    numbers: [{ number: '+19895551234', isActive: true, agentId: 'agent_autumn', terminationUri: '' }],
    concurrency: 5,
    sipHost: 'sip.oracle.test',
  });
}

function rawConfig(
  folder: string,
  file: string,
  gate: TcpGate,
  front: TlsFront,
  dialer: MadeUpServer,
  platform: MadeUpServer,
) {
  const dispositions: Record<string, string> = Object.fromEntries(outcomeCodes.map((code) => [code, 'done']));
  return {
    server: { host: '127.0.0.1', port: gate.port, publicUrl: `https://localhost:${front.port}` },
    store: { kind: 'sqlite', file },
    spool: { folder: join(folder, 'spool') },
    secret: randomBytes(16).toString('hex'),
    clients: {
      script: { keys: [hash('of the script')], may: ['dialer'] },
      agent: { keys: [hash('of the agent')], may: ['tools'] },
    } as Record<string, object>,
    dialers: {
      carousel: {
        type: 'made-up',
        url: dialer.url,
        campaigns: { Autumn: { dispositions }, Winter: { dispositions } },
        headers: [
          { name: 'X-correlation_id', from: 'correlation_id' },
          { name: 'X-lead_id', from: 'lead_id' },
          { name: 'X-first_name', from: 'first_name' },
        ],
        headerBudget: { bytes: 300 },
      },
    },
    platforms: { oracle: { type: 'oracle', url: platform.url } },
    drill: { ignoreIdempotency: false },
  };
}

/** What stands before the service in production: it ends TLS, and hands all paths on. */
async function startFront(gate: TcpGate): Promise<{ server: Server; front: TlsFront }> {
  const authority = makeCertificate({ name: 'Test authority, for tests only' });
  const good = makeCertificate({ name: 'localhost', hosts: ['localhost', '127.0.0.1', '0.0.0.0'], by: authority });
  const server = createServer({ key: good.key, cert: good.cert }, (request, response) => {
    fetch(`http://127.0.0.1:${gate.port}${request.url}`)
      .then(async (answer) => response.writeHead(answer.status).end(await answer.text()))
      .catch(() => response.writeHead(502).end('Bad gateway'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const front = {
    port: (server.address() as AddressInfo).port,
    authority,
    show: ({ key, cert }: { key: string; cert: string }) => server.setSecureContext({ key, cert }),
    showGood: () => server.setSecureContext({ key: good.key, cert: good.cert }),
  };
  return { server, front };
}
