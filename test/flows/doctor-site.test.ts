import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentView } from '../../src/domain/site-view.ts';
import { examineSite, exitCodeOf } from '../../src/flows/doctor/examine-site.ts';
import { runChecks } from '../../src/flows/doctor/run-checks.ts';
import type { MadeUpWay } from '../contract/made-up/made-up-server.ts';
import { type Break, describeBreaks } from '../support/break-checks.ts';
import { makeCertificate } from '../support/certificates.ts';
import { type MadeUpSite, startMadeUpSite } from '../support/doctor-site.ts';

const dayMs = 86_400_000;
type Status = NonNullable<Break<MadeUpSite>['status']>;

describeBreaks<MadeUpSite>('the doctor across systems', {
  owner: 'patchbay',
  async start() {
    const site = await startMadeUpSite();
    await site.callFrom('Winter');
    return { site, checks: site.checks, stop: site.stop };
  },
  breaks: {
    'configuration.loaded': {
      what: 'Patchbay is told to make mistakes on purpose',
      status: 'warn',
      run: ({ raw }) => set(raw.drill, { ignoreIdempotency: true }),
    },
    'store.ready': [
      {
        what: 'the file is no database',
        async run({ raw, folder }) {
          writeFileSync(
            join(folder, 'letter.txt'),
            'Dear Ada, this is no database, but it is long enough for one. '.repeat(20),
          );
          return set(raw.store, { file: join(folder, 'letter.txt') });
        },
      },
      {
        what: 'no service has made its tables yet',
        status: 'warn',
        run: ({ raw, folder }) => set(raw.store, { file: join(folder, 'nowhere', 'new.sqlite') }),
      },
    ],
    'spool.writable': {
      what: 'a file stands where the folder should be',
      async run({ raw, folder }) {
        writeFileSync(join(folder, 'a-file'), '');
        return set(raw.spool, { folder: join(folder, 'a-file', 'spool') });
      },
    },
    // That none may ask for a dialer, the configuration itself refuses.
    'clients.keys': { what: 'no client may use the tools', run: ({ raw }) => leaveOut(raw.clients, 'agent') },
    'service.running': [
      {
        what: 'the service is down',
        async run({ gate }) {
          gate.shut();
          return async () => gate.open();
        },
      },
      {
        what: 'another program has its port',
        run: ({ raw, platform }) => set(raw.server, { port: Number(new URL(platform.url).port) }),
      },
    ],
    'server.tls': [
      ownTls('the key is that of another certificate', ({ cert }) => ({
        cert,
        key: makeCertificate({ name: 'Other' }).key,
      })),
      ownTls('it ends in five days', () => makeCertificate({ name: 'Soon', until: new Date(Date.now() + 5 * dayMs) }), {
        status: 'warn',
      }),
      ownTls('others can read the key', (good) => good, { status: 'warn', mode: 0o644 }),
    ],
    'public-url.reachable': [
      {
        what: 'the name is not known',
        run: ({ raw }) => set(raw.server, { publicUrl: 'https://patchbay.invalid' }),
      },
      {
        what: 'nobody listens there',
        run: ({ raw }) => set(raw.server, { publicUrl: 'https://127.0.0.1:1' }),
      },
      {
        what: 'it leads to another program',
        run: ({ raw, platform }) => set(raw.server, { publicUrl: platform.url }),
      },
    ],
    'public-url.tls': [
      certificate('it has ended', () => ({ until: new Date(Date.now() - dayMs / 2) })),
      certificate('it ends in five days', () => ({ until: new Date(Date.now() + 5 * dayMs) }), 'warn'),
      certificate('it is for another name', () => ({ hosts: ['other.example.com'] })),
      certificate('it signed itself', () => ({ isOwn: true })),
      certificate('the one between is not served', (site) => ({
        by: makeCertificate({ name: 'Between', by: site.front.authority }),
      })),
      {
        what: 'plain http on an address that others use',
        run: ({ raw, gate }) => set(raw.server, { publicUrl: `http://0.0.0.0:${gate.port}` }),
      },
    ],
    'campaigns.served': {
      what: 'no configuration names a campaign that calls came from',
      status: 'warn',
      run: ({ raw }) => leaveOut(raw.dialers.carousel.campaigns, 'Winter'),
    },
    'number.registered': [
      {
        what: 'the dialer dials a number that no platform has',
        run: (site) => change(site, { number: '+19895559999' }),
      },
      { what: 'the number is switched off', run: (site) => setNumber(site, { isActive: false }) },
      { what: 'the number can not be made out', status: 'unknown', run: (site) => change(site, { number: '' }) },
    ],
    'number.agent': [
      { what: 'the number has no agent', run: (site) => setNumber(site, { agentId: '' }) },
      { what: 'its agent is not there', run: (site) => setNumber(site, { agentId: 'agent_gone' }) },
    ],
    'number.sip-host': {
      what: 'the carrier sends to another server',
      run: (site) => change(site, { sipHost: 'sip.elsewhere.test' }),
    },
    'headers.entered': [
      { what: 'a configured header is not entered', run: (site) => change(site, { headers: ['X-correlation_id'] }) },
      {
        what: 'a header is entered that nobody configured',
        status: 'warn',
        run: (site) => change(site, { headers: ['X-correlation_id', 'X-lead_id', 'X-first_name', 'X-mood'] }),
      },
      { what: 'the dialer does not tell', status: 'unknown', run: (site) => change(site, { headers: null }) },
    ],
    'headers.variables': [
      {
        what: 'the prompt does not use the correlation ID',
        run: (site) => setAgent(site, { variables: ['lead_id', 'first_name'] }),
      },
      {
        what: 'the prompt does not use a header',
        status: 'warn',
        run: (site) => setAgent(site, { variables: ['correlation_id', 'first_name'] }),
      },
    ],
    'variables.headers': {
      what: 'the prompt uses what nobody sends',
      status: 'warn',
      run: (site) => setAgent(site, { variables: ['correlation_id', 'lead_id', 'first_name', 'shoe_size'] }),
    },
    'headers.budget': [
      {
        what: 'less fits than is configured',
        status: 'warn',
        run: ({ raw }) => set(raw.dialers.carousel.headerBudget, { bytes: 70 }),
      },
      {
        what: 'more is allowed than UDP carries',
        status: 'warn',
        run: ({ raw }) => set(raw.dialers.carousel.headerBudget, { bytes: 900 }),
      },
      {
        what: 'the correlation ID stands last and does not fit',
        async run({ raw }) {
          const { carousel } = raw.dialers;
          const first = await set(carousel.headerBudget, { bytes: 60 });
          const second = await set(carousel, { headers: carousel.headers.toReversed() });
          return async () => {
            await second();
            await first();
          };
        },
      },
    ],
    'outcomes.mapped': [
      {
        what: 'what the agent can commit has no disposition',
        run: ({ raw }) => leaveOut(raw.dialers.carousel.campaigns.Autumn.dispositions, 'callback'),
      },
      {
        what: 'an end without a word has no disposition',
        status: 'warn',
        run: ({ raw }) => leaveOut(raw.dialers.carousel.campaigns.Autumn.dispositions, 'busy'),
      },
      {
        what: 'an agent that may commit anything finds a code that is not mapped',
        async run(site) {
          const first = await setAgent(site, { outcomes: null });
          const second = await leaveOut(site.raw.dialers.carousel.campaigns.Autumn.dispositions, 'sale');
          return async () => {
            await second();
            await first();
          };
        },
      },
    ],
    'concurrency.lines': [
      { what: 'more lines than the platform takes', run: ({ platform }) => set(platform.platform, { concurrency: 2 }) },
      {
        what: 'nobody said how many it takes',
        status: 'unknown',
        run: ({ platform }) => set(platform.platform, { concurrency: null }),
      },
      { what: 'the dialer does not tell its lines', status: 'unknown', run: (site) => change(site, { lines: null }) },
    ],
  },
});

describe('the doctor', () => {
  let site: MadeUpSite;
  beforeAll(async () => {
    site = await startMadeUpSite();
  });
  afterAll(() => site.stop());

  const statusOf = async (...ids: string[]) => {
    const { checked } = await examineSite(site.open());
    return checked.filter(({ id }) => ids.includes(id)).map(({ id, status }) => `${id} ${status}`);
  };

  it('is done with a healthy site in a moment, and shows what the prompt will see', async () => {
    const startedAt = performance.now();
    const examination = await examineSite(site.open());

    const budget = examination.checked.find(({ id }) => id === 'patchbay:headers.budget');
    expect(exitCodeOf(examination)).toBe(0);
    expect(budget?.found).toMatch(/carousel Autumn over udp: 3 of 3 headers, \d+ of 300 bytes/);
    expect(budget?.found).toMatch(/X-first_name +\{\{first_name\}\} +\S+/);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('reads what the systems hold once in a run', async () => {
    const asked = site.dialer.asked().length;
    await runChecks(site.checks());
    const paths = site.dialer.asked().slice(asked);

    expect(paths.filter((path) => path === '/ways')).toHaveLength(1);
    expect(paths.filter((path) => path === '/fields')).toHaveLength(1);
  });

  it("gives each entry of the guides' troubleshooting the verdict of its checks", async () => {
    const well = await examineSite(site.open());
    const mend = await setNumber(site, { agentId: '', isActive: false });
    const ill = await examineSite(site.open());
    await mend();

    expect(well.troubles).toMatchObject([{ title: 'Nobody answers', instance: 'carousel', status: 'ok', causes: [] }]);
    expect(ill.troubles).toMatchObject([
      {
        status: 'fail',
        causes: [{ id: 'patchbay:number.registered', status: 'fail' }],
        correction: expect.any(String),
      },
    ]);
  });

  it('says that it can not compare what a system does not give', async () => {
    const mend = await set(site.dialer, { refusesWays: true });
    const { checked } = await examineSite(site.open(), { only: ['number'] });
    await mend();

    expect(checked.map(({ status }) => status)).toEqual(['unknown', 'unknown', 'unknown']);
    expect(checked[0]?.found).toContain('carousel: ');
  });

  it('knows a service that has never run from one that is down', async () => {
    const file = site.raw.store.file;
    site.gate.shut();
    site.raw.store.file = join(site.folder, 'never.sqlite');
    const never = await statusOf('patchbay:store.ready', 'patchbay:service.running', 'patchbay:public-url.tls');
    site.raw.store.file = file;
    const down = await statusOf('patchbay:store.ready', 'patchbay:service.running', 'patchbay:public-url.tls');
    site.gate.open();

    expect(never).toEqual([
      'patchbay:store.ready warn',
      'patchbay:service.running warn',
      'patchbay:public-url.tls unknown',
    ]);
    expect(down).toEqual([
      'patchbay:store.ready ok',
      'patchbay:service.running fail',
      'patchbay:public-url.tls unknown',
    ]);
  });

  it('does not take an address of this machine for one that others reach', async () => {
    const outside = { ...site.open(), outsideHosts: ['api.example.com'] };
    const { checked } = await examineSite(outside, { only: ['public-url.reachable'] });

    expect(checked).toMatchObject([{ status: 'fail', found: expect.stringContaining('api.example.com is another') }]);
  });

  it('leaves no trace: no store, no spool, no change in the systems', async () => {
    const mend = await set(site.raw.store, { file: join(site.folder, 'fresh', 'store.sqlite') });
    const spool = await set(site.raw.spool, { folder: join(site.folder, 'fresh', 'spool') });
    await examineSite(site.open());
    await mend();
    await spool();

    expect(() => mkdirSync(join(site.folder, 'fresh'))).not.toThrow();
    rmSync(join(site.folder, 'fresh'), { recursive: true });
    expect(await site.dialer.journal()).toEqual([]);
  });

  it('waits for a dead system once, not once per check', async () => {
    let connections = 0;
    const hole = createServer(() => {
      connections += 1;
    });
    await new Promise<void>((resolve) => hole.listen(0, '127.0.0.1', resolve));
    const address = hole.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const mend = await set(site.raw.dialers.carousel, { url: `http://127.0.0.1:${port}` });
    const startedAt = performance.now();

    const { checked } = await examineSite(site.open());
    const tookMs = performance.now() - startedAt;
    await mend();
    hole.close();

    const ill = checked.filter(({ status }) => status !== 'ok');
    expect(connections).toBe(1);
    expect(ill.filter(({ status }) => status === 'fail').map(({ id }) => id)).toEqual(['carousel:reachable']);
    expect(ill.length).toBeGreaterThan(10);
    for (const { causes, status } of ill) if (status === 'unknown') expect(causes).toEqual(['carousel:reachable']);
    expect(tookMs).toBeLessThan(5000);
  });
});

function certificate(
  what: string,
  wish: (site: MadeUpSite) => {
    until?: Date;
    hosts?: string[];
    by?: MadeUpSite['front']['authority'];
    isOwn?: boolean;
  },
  status: Status = 'fail',
): Break<MadeUpSite> {
  return {
    what: `the certificate: ${what}`,
    status,
    async run(site) {
      const { isOwn, until, hosts = ['localhost'], by = site.front.authority } = wish(site);
      const from = new Date(Date.now() - 30 * dayMs);
      site.front.show(
        makeCertificate({ name: 'localhost', hosts, from, ...(until && { until }), ...(!isOwn && { by }) }),
      );
      return async () => site.front.showGood();
    },
  };
}

/** The service's own TLS, with these files. */
function ownTls(
  what: string,
  change: (good: { cert: string; key: string }) => { cert: string; key: string },
  { status = 'fail', mode = 0o600 }: { status?: Status; mode?: number } = {},
): Break<MadeUpSite> {
  return {
    what: `its own certificate: ${what}`,
    status,
    async run({ raw, folder }) {
      const { cert, key } = change(makeCertificate({ name: 'Own', hosts: ['127.0.0.1'] }));
      const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
      writeFileSync(files.certFile, cert);
      writeFileSync(files.keyFile, key);
      chmodSync(files.keyFile, mode);
      return setTls(raw, files);
    },
  };
}

async function setTls(
  { server }: { server: MadeUpSite['raw']['server'] & { tls?: object } },
  tls: { certFile: string; keyFile: string },
): Promise<() => Promise<void>> {
  server.tls = tls;
  return async () => {
    delete server.tls;
  };
}

/** Sets some members of a thing, until it is mended. */
async function set<Thing extends object>(thing: Thing, changes: Partial<Thing>): Promise<() => Promise<void>> {
  const before = { ...thing };
  Object.assign(thing, changes);
  return async () => void Object.assign(thing, before);
}

async function leaveOut(record: Record<string, unknown>, key: string): Promise<() => Promise<void>> {
  const held = record[key];
  delete record[key];
  return async () => {
    record[key] = held;
  };
}

function change({ dialer }: MadeUpSite, changes: Partial<MadeUpWay>): Promise<() => Promise<void>> {
  const [way] = dialer.ways;
  if (!way) throw new Error('the dialer has no way to the AI');
  return set(way, changes);
}

function setNumber({ platform }: MadeUpSite, changes: Partial<MadeUpSite['platform']['platform']['numbers'][number]>) {
  const [number] = platform.platform.numbers;
  if (!number) throw new Error('the platform has no number');
  return set(number, changes);
}

function setAgent({ platform }: MadeUpSite, changes: Partial<AgentView>) {
  const [agent] = platform.platform.agents;
  if (!agent) throw new Error('the platform has no agent');
  return set(agent, changes);
}
