import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { fail, listed, looked, ok, unknown, warn } from '../check-results.ts';
import type { SeenSite } from '../seen-site.ts';
import { platformSipHost } from '../settings.ts';

const menu = 'Dashboard → Deploy → Phone Numbers';

export function numberChecks(site: SeenSite): Check[] {
  return [
    {
      id: 'number.registered',
      title: 'The numbers that dialers call are registered and active',
      looksAt: 'GET /v1/phone-numbers: sipPhoneNumber, active',
      needs: ['api.key'],
      run: () => looked(() => checkRegistered(site)),
    },
    {
      id: 'number.termination-uri',
      title: "Each number's termination URI is that of your carrier",
      looksAt: 'GET /v1/phone-numbers: terminationSipURI',
      needs: ['number.registered'],
      run: () => looked(() => checkTermination(site)),
    },
    {
      id: 'number.agent',
      title: 'Each number is answered by the configured agent',
      looksAt: 'GET /v1/phone-numbers: inboundAgentId',
      needs: ['number.registered'],
      run: () => looked(() => checkAgent(site)),
    },
  ];
}

async function checkRegistered({ id, config, phoneNumbers }: SeenSite): Promise<CheckResult> {
  const wanted = Object.keys(config.numbers);
  if (wanted.length === 0) {
    return config.dialling.from
      ? ok('not used: no dialer sends calls to this platform')
      : unknown(
          'no number is configured',
          'Which numbers dialers send calls to is not known.',
          `Name them in \`platforms.${id}.numbers\`, or run: npx patchbay setup`,
        );
  }
  const held = await phoneNumbers();
  const missing = wanted.filter((number) => !held.some(({ sipPhoneNumber }) => sipPhoneNumber === number));
  if (missing.length > 0) {
    return fail(
      `${listed(missing)} is not registered`,
      'SigmaMind finds workspace and agent by the number that is called: an unknown one is refused.',
      `${menu} → Add Phone Number → Connect via SIP Trunking, Phone Number: ${missing[0]}. Or run: npx patchbay setup --apply`,
    );
  }
  const off = held.filter(({ sipPhoneNumber, active }) => !active && wanted.includes(sipPhoneNumber));
  if (off.length > 0) {
    return fail(
      `${listed(off.map(({ sipPhoneNumber }) => sipPhoneNumber))} is switched off`,
      'Calls to it are not answered.',
      `${menu} → ${off[0]?.sipPhoneNumber}: make it active.`,
    );
  }
  return ok(listed(wanted));
}

async function checkTermination(site: SeenSite): Promise<CheckResult> {
  const { id, config } = site;
  const rows = await ownNumbers(site);
  const why = 'When the agent transfers a call, SigmaMind dials out to this address.';
  for (const { sipPhoneNumber: number, terminationSipURI: uri } of rows) {
    const where = `${menu} → ${number} → Terminal URI`;
    const wanted = config.numbers[number]?.terminationUri;
    const right =
      wanted && !isPlatformHost(wanted, config.sip.host)
        ? wanted
        : 'the address from your carrier, such as f111.dialmake.com';
    const host = hostOfUri(uri);
    if (uri === '')
      return fail(`${number} has none`, `${why} Without it no transfer can be made.`, `${where}: ${right}.`);
    if (isPlatformHost(uri, config.sip.host)) {
      return fail(
        `${number} has ${uri}, SigmaMind's own server`,
        `${why} A call to itself goes round in a circle: SigmaMind's server belongs into the dialer, never here.`,
        `${where}: ${right}.`,
      );
    }
    if (!host) return fail(`${number} has ${uri}, which is no address of a host`, why, `${where}: ${right}.`);
    if (wanted && hostOfUri(wanted) !== host) {
      return warn(
        `${number} has ${uri}, configured is ${wanted}`,
        why,
        `${where}: ${wanted}. Or correct \`platforms.${id}.numbers.${number}.terminationUri\`.`,
      );
    }
  }
  return ok(
    listed(rows.map((row) => `${row.sipPhoneNumber}: ${row.terminationSipURI}`)) || 'not used: no number is configured',
  );
}

async function checkAgent(site: SeenSite): Promise<CheckResult> {
  const rows = await ownNumbers(site);
  const wrong = rows.filter((row) => row.inboundAgentId !== site.config.numbers[row.sipPhoneNumber]?.agentId);
  if (wrong.length === 0) {
    return ok(
      listed(rows.map((row) => `${row.sipPhoneNumber}: ${row.inboundAgentId}`)) || 'not used: no number is configured',
    );
  }
  const [first] = wrong;
  const wanted = site.config.numbers[first?.sipPhoneNumber ?? '']?.agentId;
  return fail(
    listed(wrong.map((row) => `${row.sipPhoneNumber} is answered by ${row.inboundAgentId || 'nobody'}`)),
    'The call reaches another agent than the one that is set up for it, or none.',
    `${menu} → ${first?.sipPhoneNumber} → Inbound Call Setting → Inbound AI Agent: ${wanted}. Or run: npx patchbay setup --apply`,
  );
}

async function ownNumbers({ config, phoneNumbers }: SeenSite) {
  return (await phoneNumbers()).filter(({ sipPhoneNumber }) => Object.hasOwn(config.numbers, sipPhoneNumber));
}

/** Whether an address is the platform's own server, which is the dialer's to know and nobody else's. */
export function isPlatformHost(uri: string, sipHost: string): boolean {
  const host = hostOfUri(uri);
  return host === platformSipHost || host === sipHost.toLowerCase() || host.endsWith('.sip.livekit.cloud');
}

/** Host of `sip:host:5060;transport=udp`, `user@host` or `host`; empty when it has none. */
export function hostOfUri(uri: string): string {
  const [, host = ''] = /^(?:sips?:)?(?:[^@\s]+@)?([A-Za-z0-9.-]+)(?::\d{1,5})?(?:;.*)?$/.exec(uri.trim()) ?? [];
  const isHost =
    /^(?=.*[A-Za-z0-9])[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$/.test(host);
  return isHost ? host.toLowerCase() : '';
}
