import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../config/load.ts';
import { connectors } from '../../../connectors/index.ts';
import { apiFunctions } from '../../../connectors/vicidial/api/functions.ts';
import { VicidialConfig } from '../../../connectors/vicidial/config.ts';
import { ways } from '../../../connectors/vicidial/setup/carrier-config.ts';
import { fillReadme } from '../../../connectors/vicidial/setup/snippets/fill-readme.ts';
import {
  makeSnippets,
  readTopics,
  readWay,
  snippetTopics,
} from '../../../connectors/vicidial/setup/snippets/snippets.ts';
import { maskNumbersIn, maskShown } from '../../../connectors/vicidial/steer/mask.ts';
import { archivesRead, columnsRead, tablesRead } from '../../../connectors/vicidial/tables/tables-read.ts';
import { openTestStore } from '../../contract/store/store-cast.ts';
import { matchesPattern } from '../../simulators/vicidial/asterisk-dialplan.ts';
import { linesOf, runMain } from '../cli/run-main.ts';

const folder = new URL('../../../connectors/vicidial/', import.meta.url);
const secrets = { pass: 'apiPass77', password: 'databasePass77' };

function configOf(more: Record<string, unknown> = {}) {
  return VicidialConfig.parse({
    type: 'vicidial',
    api: { url: 'http://dialer.example.com/vicidial/non_agent_api.php', user: 'pbuser', pass: secrets.pass },
    database: { host: 'dialer.example.com', user: 'reader', password: secrets.password, name: 'dialerdb' },
    timeZone: 'America/Denver',
    campaigns: { SPRING: {}, '*': {} },
    ...more,
  });
}

function textsOf(more: Record<string, unknown> = {}, way?: (typeof ways)[number]): Record<string, string> {
  const site = { id: 'west', config: configOf(more), publicUrl: 'https://patchbay.example.com:8443' };
  return Object.fromEntries(makeSnippets(site, snippetTopics, way).map(({ name, text }) => [name, text]));
}

/** What the connector's sources hold, without comments and without the snippets themselves. */
function sources(): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  return files
    .filter((path) => !path.includes('snippets/') && !/(tables-read|functions)\.ts$/.test(path))
    .map((path) => readFileSync(new URL(path, folder), 'utf8'))
    .map((source) => source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, ''));
}

describe('the grants', () => {
  it('name each table that the sources read, and no other', () => {
    const schema = readFileSync(new URL('../../simulators/vicidial/schema.sql', import.meta.url), 'utf8');
    // A script of the dialplan has the name of a table as well.
    const tables = [...schema.matchAll(/CREATE TABLE (?!call_log )(\w+)/g)].map(([, table = '']) => table);
    const all = sources().join('\n');
    const read = [...tables, 'vicidial_list_archive'].filter((table) => new RegExp(`\\b${table}\\b`).test(all));

    expect(tables.length).toBeGreaterThan(30);
    expect([...tablesRead, ...archivesRead, ...Object.keys(columnsRead)].sort()).toEqual([...new Set(read)].sort());
  });

  it('give SELECT alone, on the configured database, to the configured user', () => {
    const lines = textsOf({ customFields: ['plan'], sync: { lists: [101, 102] } }).grants?.split('\n') ?? [];

    expect(lines[0]).toBe("CREATE USER 'reader'@'PATCHBAY_HOST' IDENTIFIED BY 'DATABASE_PASSWORD';");
    for (const line of lines.slice(1).filter((each) => !each.startsWith('--')))
      expect(line).toMatch(/^GRANT SELECT (\([a-z_, ]+\) )?ON `dialerdb`\.`\w+` TO 'reader'@'PATCHBAY_HOST';$/);
    expect(lines.filter((line) => line.includes('vicidial_users'))).toEqual([expect.stringContaining('(user, active')]);
    expect(lines.join()).not.toMatch(/\bpass\b|pass_hash|registration_string/);
    expect(lines.join()).toContain('`custom_101`');
    expect(lines.join()).toContain('`custom_102`');
  });
});

describe('the API user', () => {
  it('may call each function that the sources call, and no other', () => {
    const called = new Set(
      sources().flatMap((source) => [...source.matchAll(/'([a-z]+(?:_[a-z]+)*)'/g)].map(([, word = '']) => word)),
    );
    const unused = Object.keys(apiFunctions).filter((name) => !called.has(name));

    expect(unused).toEqual([]);
  });

  it('has the functions and rights that its use needs, and a whole set without the tables', () => {
    const user = textsOf()['api-user'] ?? '';
    const alone = textsOf({ database: undefined, remoteAgents: [{ user: '7001', lines: 3 }] })['api-user'] ?? '';

    expect(user).toMatch(/^User Number: +pbuser$/m);
    expect(user).toMatch(/^User Level: +8$/m);
    expect(user).toContain('version update_lead update_log_entry add_dnc_phone ra_call_control');
    expect(user).not.toMatch(/View Reports|Modify Campaigns|hopper_bulk_insert/);
    expect(alone).toMatch(/^View Reports: +1$/m);
    expect(alone).toContain('logged_in_agents');
  });
});

describe('every snippet', () => {
  it.each(ways)('by %s holds no secret, and says which placeholders are left', (way) => {
    for (const tech of ['chan_sip', 'pjsip']) {
      const all = Object.values(textsOf({ carrier: { tech } }, way)).join('\n');

      expect(all).not.toContain(secrets.pass);
      expect(all).not.toContain(secrets.password);
    }
  });

  it('agrees in prefix, number and pattern', () => {
    const texts = textsOf({ carrier: { prefix: '88123', number: '+442079460000' } });
    const extension = /^External Extension: +(\S+)$/m.exec(texts['remote-agent'] ?? '')?.[1] ?? '';
    const pattern = /^exten => ([^,]+),1,/.exec(texts['carrier-dialplan'] ?? '')?.[1] ?? '';

    expect(extension).toBe('88123442079460000');
    expect(matchesPattern(pattern, extension)).toBe(true);
    expect(matchesPattern(pattern, '913035551000')).toBe(false);
    expect(texts['carrier-dialplan']).toContain('EXTEN:5}');
    expect(texts['carrier-dialplan']).not.toContain('EXTEN:4}');
  });

  it('puts ids only into the URL that VICIdial runs through a shell', () => {
    expect(textsOf()['start-url']).toBe(
      'VARhttps://PATCHBAY_CLIENT:PATCHBAY_API_KEY@patchbay.example.com:8443/v1/dialers/west/start' +
        '?call_id=--A--call_id--B--&lead_id=--A--lead_id--B--&uniqueid=--A--uniqueid--B--&user=--A--user--B--&campaign=--A--campaign_id--B--',
    );
  });

  it('keeps the routing extension and a real server', () => {
    const { campaign, 'remote-agent': agent } = textsOf();

    expect(campaign).toMatch(/^Routing Extension: +8368/m);
    expect(agent).toMatch(/^Server IP: +DIALER_IP/m);
    expect(agent).toMatch(/^External Extension: +7700PLATFORM_NUMBER$/m);
  });

  it('makes the campaign look at each DNC list that opt-outs go to', () => {
    const system = textsOf().campaign;
    const own = textsOf({ dnc: { system: false, campaigns: ['SPRING'] } }).campaign;

    expect(system).not.toMatch(/^Use Campaign DNC List/m);
    expect(own).toMatch(/^Use Campaign DNC List: +Y$/m);
  });

  it('warns of a FastAGI address that no dialer but the own machine reaches', () => {
    const notesOf = (host: string) => {
      const site = { id: 'west', config: configOf({ fastAgi: { host } }), publicUrl: 'https://patchbay.example.com' };
      return makeSnippets(site, ['carrier'], 'fastagi').flatMap(({ notes }) => notes);
    };

    expect(notesOf('127.0.0.1').join()).toContain('fastAgi.host');
    expect(notesOf('10.0.0.5').join()).not.toContain('fastAgi.host');
  });

  it('waits at least as long as Patchbay may take', () => {
    const entry = textsOf({ budgets: { headersMs: 1200 } }, 'curl')['carrier-dialplan'];

    expect(entry).toContain('httptimeout)=1.7)');
  });
});

describe('a carrier that can not be', () => {
  it.each([
    [{ prefix: '7700', number: '+12345678901234567' }, 'digits'],
    [{ prefix: '7700770077', number: '+19895551234' }, 'at most 20'],
    [{ prefix: '7' }, '2 to 10 digits'],
    [{ peer: 'Sigma Mind)' }, 'letters, digits'],
    [{ host: 'host\nevil' }, 'host name'],
  ])('%o is refused', (carrier, why) => {
    expect(() => configOf({ carrier })).toThrow(why);
  });
});

describe('what can be asked for', () => {
  it('is said when it is something else', () => {
    expect(() => readTopics('sip')).toThrow('no snippet called "sip"');
    expect(() => readWay('ftp')).toThrow('no way called "ftp"');
    expect(readTopics(undefined)).toEqual(snippetTopics);
  });
});

describe('npx patchbay west snippets', () => {
  let config: string;
  let home: string;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'patchbay-snippets-'));
    config = join(home, 'patchbay.json');
    await (await openTestStore({ kind: 'sqlite', file: join(home, 'store.sqlite') })).close();
    const settings = {
      server: { publicUrl: 'https://patchbay.example.com:8443' },
      store: { kind: 'sqlite', file: join(home, 'store.sqlite') },
      spool: { folder: join(home, 'spool') },
      secret: 'secret-of-the-hashes',
      clients: { asterisk: { keys: ['a'.repeat(64)], may: ['dialer'] } },
      dialers: { west: configOf() },
    };
    writeFileSync(config, JSON.stringify(settings));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  const run = (...args: string[]) => runMain(['-c', config, 'west', 'snippets', ...args]);

  it('prints one, or all, as text or JSON lines', async () => {
    const way = ['carrier', '--way', 'json', '--tech', 'pjsip'];
    const text = await run(...way);
    const json = await run(...way, '--json');
    const all = await run('--json');

    expect(text.exitCode).toBe(0);
    expect(text.out).toContain(`\n${textsOf({ carrier: { tech: 'pjsip' } }, 'json')['carrier-dialplan']}\n`);
    expect(linesOf(json).map(({ name }) => name)).toEqual(['carrier-dialplan', 'carrier-handler', 'carrier-account']);
    expect(linesOf(all).map(({ name }) => name)).toEqual(Object.keys(textsOf()));
  });

  it('names the choices when asked for something else', async () => {
    const { exitCode, err } = await run('carrier', '--way', 'ftp');

    expect(exitCode).toBe(1);
    expect(err).toContain('Choose one of: curl, hash, json, fastagi, set-variables.');
  });
});

it('the README shows each snippet as the command prints it', () => {
  const page = readFileSync(new URL('README.md', folder), 'utf8');

  expect(fillReadme(page)).toBe(page);
  expect(page.match(/<!-- snippet /g)?.length).toBeGreaterThan(10);
});

it('the configuration on the README loads as it stands there', async () => {
  const page = readFileSync(new URL('README.md', folder), 'utf8');
  const shown = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  const home = mkdtempSync(join(tmpdir(), 'patchbay-readme-'));
  const file = join(home, 'patchbay.yaml');
  const env = { ASTERISK_KEY_SHA256: 'a'.repeat(64), VICIDIAL_API_PASS: 'x1', VICIDIAL_DB_PASSWORD: 'x1' };

  const reports = [];
  for (const text of shown) {
    writeFileSync(file, `secret: secret-of-the-hashes\n${text}`);
    const loaded = await loadConfig({ file, env, registry: connectors });
    reports.push(loaded.kind === 'faults' ? loaded.report : '');
  }

  rmSync(home, { recursive: true });
  expect(reports).toEqual(['']);
});

it('masks numbers, and leaves codes, ids and times alone', () => {
  const shown = {
    phone: '+13035551000',
    code: 'V1211403070000012345',
    at: '2026-11-21 10:00:00',
    logs: [{ uniqueid: '1763657999.7', phone_number: '3035551000' }],
    summary: 'Call +1 (303) 555-1000 on 2026-11-22 10:30, lead 12345',
  };

  expect(maskShown(shown)).toEqual({
    phone: '***1000',
    code: 'V1211403070000012345',
    at: '2026-11-21 10:00:00',
    logs: [{ uniqueid: '1763657999.7', phone_number: '***1000' }],
    summary: 'Call ***1000 on 2026-11-22 10:30, lead 12345',
  });
  expect(maskNumbersIn('nothing here')).toBe('nothing here');
});
