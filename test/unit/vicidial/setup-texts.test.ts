import { describe, expect, it } from 'vitest';
import { VicidialConfig } from '../../../connectors/vicidial/config.ts';
import { ways } from '../../../connectors/vicidial/setup/carrier-config.ts';
import { fixedHeaderSnippet } from '../../../connectors/vicidial/setup/snippets/fixed-header.ts';
import { makeSnippets } from '../../../connectors/vicidial/setup/snippets/snippets.ts';
import { campaignChanges } from '../../../connectors/vicidial/setup/steps/campaign-changes.ts';
import { missingStatuses } from '../../../connectors/vicidial/setup/steps/statuses-step.ts';
import { asApiUrl, secretName } from '../../../connectors/vicidial/setup/wizard/ask-access.ts';
import { freePrefix, prefixesInUse } from '../../../connectors/vicidial/setup/wizard/propose-prefix.ts';
import { proposeStatuses } from '../../../connectors/vicidial/setup/wizard/propose-statuses.ts';
import { proposeZone } from '../../../connectors/vicidial/setup/wizard/propose-zone.ts';
import { StatusRow } from '../../../connectors/vicidial/tables/schema.ts';
import { matchesPattern, parseDialplan, runDialplan } from '../../simulators/vicidial/asterisk-dialplan.ts';

const code = 'V1121100000000001001';
const techs = ['chan_sip', 'pjsip'] as const;
const transports = ['udp', 'tcp', 'tls'] as const;

function configOf(more: Record<string, unknown> = {}): VicidialConfig {
  return VicidialConfig.parse({
    type: 'vicidial',
    api: { url: 'http://dialer.example.com/vicidial/non_agent_api.php', user: 'patchbay', pass: 'unused7' },
    database: { host: 'dialer.example.com', user: 'reader', password: 'unused7' },
    timeZone: 'America/Denver',
    campaigns: { SPRING: {}, AUTUMN: { number: '+19895559999' } },
    remoteAgents: [
      { user: '7001', lines: 3, campaign: 'SPRING', server: '10.10.10.15' },
      { user: '8001', lines: 2, campaign: 'AUTUMN', server: '10.10.10.16' },
    ],
    ...more,
    carrier: { number: '+19895551234', host: 'sip.example.com', ...(more.carrier as object | undefined) },
  });
}

function textsOf(more: Record<string, unknown> = {}): Record<string, string> {
  const site = { id: 'vicidial', config: configOf(more), publicUrl: 'http://127.0.0.1:9' };
  const made = makeSnippets(site, ['carrier', 'remote-agent', 'campaign']);
  return Object.fromEntries(made.map(({ name, text }) => [name, text]));
}

const run = (text: string, extension: string, scripts: Record<string, () => Record<string, string>> = {}) =>
  runDialplan({
    dialplan: parseDialplan(text, 'carriers'),
    context: 'carriers',
    extension,
    callerId: { name: code, num: '3035551000' },
    connectedLine: { name: code, num: '3035551000' },
    uniqueid: '1763657999.7',
    scripts: { 'agi://127.0.0.1:4577/call_log': () => ({}), ...scripts },
  });

/** Sections of a configuration of Asterisk, each as its settings in order. */
function sectionsOf(text: string): { name: string; settings: Record<string, string> }[] {
  const sections: { name: string; settings: Record<string, string> }[] = [];
  for (const line of text.split('\n').filter(Boolean)) {
    const name = /^\[([\w-]+)\]$/.exec(line)?.[1];
    // A semicolon without a backslash begins a comment.
    const [, key = '', value = ''] = /^([a-z_]+)=((?:\\;|[^;])+)$/.exec(line) ?? [];
    if (name) sections.push({ name, settings: {} });
    else if (key) Object.assign(sections.at(-1)?.settings ?? {}, { [key]: value });
    else throw new Error(`no line of a configuration: ${line}`);
  }
  return sections;
}

describe('the account entry', () => {
  it.each(transports.flatMap((transport) => [true, false].map((srtp) => [transport, srtp] as const)))(
    'of chan_sip by %s, SRTP %s',
    (transport, srtp) => {
      const text = textsOf({ carrier: { transport, srtp } })['carrier-account'] ?? '';
      const [peer] = sectionsOf(text);

      expect(peer).toMatchObject({
        name: 'SigmaMind',
        settings: { host: 'sip.example.com', transport, port: transport === 'tls' ? '5061' : '5060', allow: 'ulaw' },
      });
      expect(peer?.settings.encryption).toBe(srtp ? 'yes' : undefined);
    },
  );

  it.each(transports.flatMap((transport) => [true, false].map((srtp) => [transport, srtp] as const)))(
    'of PJSIP by %s, SRTP %s',
    (transport, srtp) => {
      const text = textsOf({ carrier: { tech: 'pjsip', transport, srtp } })['carrier-account'] ?? '';
      const [aor, endpoint] = sectionsOf(text);

      const contact = { udp: '5060', tcp: '5060\\;transport=tcp', tls: '5061\\;transport=tls' }[transport];
      expect(aor?.settings).toEqual({ type: 'aor', contact: `sip:sip.example.com:${contact}` });
      expect(endpoint?.settings).toMatchObject({
        type: 'endpoint',
        transport: `transport-${transport}`,
        allow: 'ulaw',
      });
      expect(endpoint?.settings.media_encryption).toBe(srtp ? 'sdes' : undefined);
    },
  );

  it('warns of voice keys in the clear', () => {
    const site = { id: 'vicidial', config: configOf({ carrier: { srtp: true } }), publicUrl: 'http://127.0.0.1:9' };
    const notes = makeSnippets(site, ['carrier']).flatMap((snippet) => snippet.notes);

    expect(notes.join()).toContain('in the clear');
  });
});

describe('several campaigns', () => {
  it('have a remote agent each, with its own number and dialer, and one pattern for all', () => {
    const texts = textsOf();
    const extensions = [...(texts['remote-agent'] ?? '').matchAll(/External Extension: +(\S+)/g)].map(
      ([, each]) => each,
    );
    const pattern = /^exten => ([^,]+),1,/.exec(texts['carrier-dialplan'] ?? '')?.[1] ?? '';

    expect(extensions).toEqual(['770019895551234', '770019895559999']);
    expect(extensions.every((extension) => matchesPattern(pattern, extension ?? ''))).toBe(true);
    expect(texts['remote-agent']).toMatch(/Server IP: +10\.10\.10\.16 {2}/);
    expect(texts['remote-agent']).not.toMatch(/LINE_USER|DIALER_IP/);
  });

  it.each(techs.flatMap((tech) => ways.map((way) => [tech, way] as const)))(
    'reach their own numbers: %s by %s, Patchbay away',
    async (tech, headersBy) => {
      const texts = textsOf({ carrier: { tech, headersBy }, fastAgi: { port: 9 } });
      const entry = [texts['carrier-dialplan'], texts['carrier-handler']].filter(Boolean).join('\n');
      const lead = { 'agi-set_variables.agi': () => ({ _lead_id: '1001', _first_name: 'Ada' }) };

      for (const [extension, number] of [
        ['770019895551234', '+19895551234'],
        ['770019895559999', '+19895559999'],
      ] as const) {
        const { invite } = await run(entry, extension, lead);
        expect(invite).toMatchObject({ peer: 'SigmaMind', number });
        expect(invite?.headers).toContainEqual(['X-caller_code', code]);
        if (headersBy === 'set-variables') expect(invite?.headers).toContainEqual(['X-lead_id', '1001']);
      }
    },
  );
});

describe('the fixed header', () => {
  it('is one line of the peer, with chan_sip', () => {
    const { carrier } = configOf();

    expect(fixedHeaderSnippet(carrier).text).toBe('header=X-city: Denver');
  });

  it('reaches the platform by its handler, with PJSIP', async () => {
    const { carrier } = configOf({ carrier: { tech: 'pjsip' } });
    const { text, notes } = fixedHeaderSnippet(carrier);
    const dial = /`(Dial\(.*\))`/.exec(notes.join())?.[1] ?? '';

    const { invite } = await run(`exten => _7700X.,1,${dial}\n${text}`, '770019895551234');

    expect(invite?.headers).toEqual([['X-city', 'Denver']]);
    expect(invite?.number).toBe('+19895551234');
  });
});

describe('what is changed in a campaign', () => {
  const row = {
    ...{ id: 'SPRING', name: '', isActive: true, dialMethod: 'RATIO', dialLevel: '1', hopperLevel: '3' },
    ...{ dialStatuses: ['NEW'], dialPrefix: '9', callerId: '', routingExtension: '8368', dropSeconds: 5 },
    ...{ usesInternalDnc: 'Y', lastCallAt: '' },
  };

  it('leaves machine detection and surveys as they are', () => {
    for (const routingExtension of ['8364', '8366', '8369', '8373'])
      expect(campaignChanges(configOf(), { ...row, routingExtension }, 3)).toEqual([]);
  });

  it('takes out the status by which this site says do-not-call', () => {
    const config = configOf({ campaigns: { SPRING: { dispositions: { opt_out: 'AIDNC' } } } });
    const changes = campaignChanges(config, { ...row, dialStatuses: ['NEW', 'AIDNC', 'XFER'] }, 3);

    expect(changes.map(({ from }) => from)).toEqual(['XFER', 'AIDNC']);
  });
});

it('gives each missing status its flags, once', () => {
  const config = configOf({
    campaigns: {
      SPRING: { dispositions: { sale: 'SALE', language: 'AILANG', opt_out: 'AIDNC' } },
      AUTUMN: { dispositions: { language: 'AILANG', appointment: 'AIAPPT' } },
    },
  });
  const held = [StatusRow.parse({ status: 'SALE' })];

  expect(missingStatuses(config, held)).toEqual([
    {
      status: 'AILANG',
      outcomes: ['language'],
      campaigns: ['SPRING', 'AUTUMN'],
      flags: ['human_answered', 'customer_contact'],
    },
    {
      status: 'AIDNC',
      outcomes: ['opt_out'],
      campaigns: ['SPRING'],
      flags: ['human_answered', 'dnc', 'customer_contact', 'completed'],
    },
    {
      status: 'AIAPPT',
      outcomes: ['appointment'],
      campaigns: ['AUTUMN'],
      flags: ['human_answered', 'customer_contact'],
    },
  ]);
});

describe('what the wizard proposes', () => {
  const winter = Date.parse('2026-01-15T12:00:00Z');
  const summer = Date.parse('2026-07-15T12:00:00Z');

  it.each([
    [-300, -240, summer, 'America/New_York'],
    [-420, -360, summer, 'America/Denver'],
    [-420, -420, summer, 'America/Phoenix'],
    [-420, null, winter, 'America/Denver'],
    [330, 330, summer, 'Asia/Kolkata'],
    [45, 45, winter, ''],
  ])('for %s and %s minutes from UTC', (standard, now, at, zone) => {
    expect(proposeZone({ winter: standard, now }, at)).toBe(zone);
  });

  it('is a prefix that neither begins like another, nor the other way round', () => {
    const carriers = [
      { id: 'A', protocol: 'SIP', isActive: true, dialplan: 'exten => _77X.,1,Dial(SIP/a)\nexten=>_88001X.,1,x' },
    ];
    const inUse = prefixesInUse({ carriers, campaigns: [{ dialPrefix: '6' } as never] });

    expect(inUse).toEqual(['77', '88001', '6']);
    expect(freePrefix(inUse)).toBe('5500');
    expect(freePrefix([])).toBe('7700');
  });

  it('maps opt-outs to DNC also where the campaign dials it: the set-up ends that', () => {
    const campaigns = [{ id: 'SPRING', dialStatuses: ['NEW', 'DNC', 'XFER', 'SALE'] }];
    const statuses = ['DNC', 'SALE'].map((status) => StatusRow.parse({ status, dnc: status === 'DNC' ? 'Y' : 'N' }));
    const proposed = proposeStatuses({ campaigns, statuses } as never, 'SPRING');
    const of = (outcome: string) => proposed.find((each) => each.outcome === outcome)?.status;

    expect(of('opt_out')).toBe('DNC');
    expect(of('sale')).toBe('');
    expect(of('language')).toBe('AILANG');
  });

  it('is the API behind an address, and a name for its secrets', () => {
    expect(asApiUrl('http://dialer.example.com/')).toBe('http://dialer.example.com/vicidial/non_agent_api.php');
    expect(asApiUrl('https://d.example.com/v/non_agent_api.php')).toBe('https://d.example.com/v/non_agent_api.php');
    expect(secretName('vicidial-eu', 'API_PASS')).toBe('VICIDIAL_EU_API_PASS');
  });
});

it('wants both names of the log-in for set-up, or none', () => {
  const api = { url: 'http://dialer.example.com/a.php', user: 'patchbay', pass: 'unused7', setupUser: 'admin' };

  expect(() => configOf({ api })).toThrow('belong together');
  expect(configOf({ api: { ...api, setupPass: 'unused8' } }).api.setupUser).toBe('admin');
});
