import type { Check } from '../../../../src/domain/connector.ts';
import type { Vicidial } from '../../vicidial.ts';
import type { PeerFacts } from '../dialplan/account-entry.ts';
import { type EntryFacts, handlerHeaders } from '../dialplan/entry-facts.ts';
import { type Extension, readDialplan } from '../dialplan/read-dialplan.ts';
import type { Site } from '../site-tables/site.ts';
import type { Entry } from '../site-tables/site-carriers.ts';
import { eachEntry, textOf } from './carrier-checks.ts';
import { type CheckRun, type Fault, type Findings, tableCheck } from './check-of.ts';
import { hangUpCheck } from './hang-up-check.ts';

const byHand = 'Admin → Carriers → the carrier of the platform';
const entryText = 'vicidial_server_carriers.dialplan_entry';

/** The leg to the platform: by which driver, to whom, with whose headers, and how its end is seen. */
export function legChecks(run: CheckRun): Check[] {
  const { vicidial } = run;
  const check = (
    plan: { id: string; title: string; looksAt: string; needs?: string[]; why: string },
    look: (entry: Entry, site: Site) => Promise<Fault[]> | Fault[],
    seen?: (entry: Entry, site: Site) => Promise<string> | string,
  ) =>
    tableCheck(run, { ...plan, needs: ['carrier.one-pattern', ...(plan.needs ?? [])], byHand }, async (site) => {
      const entries = await site.entries();
      const faults = (await Promise.all(entries.map((entry) => look(entry, site)))).flat();
      const shown = seen ? await Promise.all(entries.map((entry) => seen(entry, site))) : [];
      const { found } = eachEntry(entries, () => []);
      return { found: [found, ...new Set(shown)].filter(Boolean).join(': '), faults };
    });
  const { host = '' } = vicidial.config.carrier;

  return [
    check(
      {
        id: 'carrier.driver-form',
        title: "Dial and headers are written for the carrier's channel driver",
        looksAt: `vicidial_server_carriers.protocol, ${entryText}`,
        why: "SIPAddHeader is nothing to PJSIP, and PJSIP_HEADER on the customer's channel never reaches the platform: the headers are lost.",
      },
      judgeForm,
    ),
    handlerCheck(run),
    check(
      {
        id: 'carrier.peer',
        title: 'Dial goes to a peer that a carrier defines',
        looksAt: `${entryText}, vicidial_server_carriers.account_entry`,
        why: 'A peer that nobody defines can not be called.',
      },
      async (entry, site) => {
        const peers = peersOf(await site.carriers());
        return entry.facts.dials
          .filter(
            ({ tech, peer }) => !tech.includes('${') && !peer.includes('.') && !peers.some(({ name }) => name === peer),
          )
          .map(({ peer }) => ({
            found: `${entry.carrier.id} dials ${peer || 'nobody'}, which no active carrier defines${entry.carrier.peers.length > 0 ? '' : '; a file of the dialers may, which can not be seen from here'}`,
            fix: `Admin → Carriers → ${entry.carrier.id} → Account Entry: a section [${peer}], as \`npx patchbay <id> snippets carrier\` prints it.`,
            isWarning: entry.carrier.peers.length === 0,
          }));
      },
      ({ facts }) => facts.dials.map(({ tech, peer }) => `${tech}/${peer}`).join(', '),
    ),
    unlessPeerIsHidden(
      run,
      check(
        {
          id: 'carrier.sip-host',
          title: "The peer's host is the SIP server of the platform",
          looksAt: 'vicidial_server_carriers.account_entry: host, or contact',
          needs: ['carrier.peer'],
          why: 'The call goes to another server than the one on which the AI answers.',
        },
        async (entry, site) => {
          const { host: real } = legPeer(entry, peersOf(await site.carriers()));
          if (host === '' || real === host.toLowerCase()) return [];
          const fix = `Admin → Carriers → ${entry.carrier.id} → Account Entry: host=${host} (PJSIP: contact=sip:${host}); or correct carrier.host.`;
          return [{ found: `${entry.carrier.id} goes to ${real || 'no host'}, configured is ${host}`, fix }];
        },
        async (entry, site) => {
          const { host: real, transport } = legPeer(entry, peersOf(await site.carriers()));
          return `${real || 'no host'} over ${transport}${host ? '' : ' (not compared: carrier.host is not configured)'}`;
        },
      ),
    ),
    check(
      {
        id: 'carrier.asks-us',
        title: 'Headers are asked of this Patchbay',
        looksAt: `${entryText}: the address in CURL or AGI`,
        why: 'Another address gives no headers, or those of another dialer.',
      },
      (entry) => judgeAddress(vicidial, entry),
      ({ facts }) => facts.asks.join(', ') || `not used: ${facts.way === 'none' ? 'it asks nobody' : facts.way}`,
    ),
    hangUpCheck(run),
    tableCheck(
      run,
      {
        id: 'carrier-log.active',
        title: 'The dialers log how calls to carriers end',
        looksAt: 'servers.carrier_logging_active',
        reads: ['servers.carrier_logging_active'],
        why: 'What a platform or carrier answers to a call is told by that log and by nothing else.',
        byHand: 'Admin → Servers → each dialer → Carrier Logging Active: Y',
      },
      async (site) => {
        const dialers = await site.dialers();
        const faults = dialers
          .filter(({ carrier_logging_active }) => carrier_logging_active === 'N')
          .map(({ server_ip }) => ({
            found: `${server_ip} does not`,
            fix: `Admin → Servers → ${server_ip} → Carrier Logging Active: Y`,
            isWarning: true,
          }));
        return { found: dialers.map(({ server_ip }) => server_ip).join(', '), faults };
      },
    ),
  ];
}

/** A peer that stands in a file of the dialers has a host that nobody shows. */
function unlessPeerIsHidden({ site }: CheckRun, check: Check): Check {
  return {
    ...check,
    async run(seen) {
      const result = await check.run(seen);
      if (!site || result.status === 'unknown') return result;
      const peers = peersOf(await site.carriers());
      const hidden = (await site.entries()).filter(
        (entry) => legPeer(entry, peers).host === '' && !peers.some(({ name }) => name === entry.facts.dials[0]?.peer),
      );
      if (hidden.length === 0) return result;
      return {
        status: 'unknown',
        found: `the account entries do not tell where ${hidden.map(({ carrier }) => carrier.id).join(', ')} dials to`,
        fix: 'Look yourself: sip.conf or pjsip.conf on each dialer; or put the peer into the Account Entry of the carrier.',
      };
    },
  };
}

/** Peers of active carriers. */
export function peersOf(carriers: readonly { isActive: boolean; peers: readonly PeerFacts[] }[]): PeerFacts[] {
  return carriers.filter(({ isActive }) => isActive).flatMap(({ peers }) => peers);
}

/** Where the leg goes: a peer's host, or one that stands in the Dial itself. */
export function legPeer({ facts }: Entry, peers: readonly PeerFacts[]): PeerFacts {
  const name = facts.dials[0]?.peer ?? '';
  const known = peers.find((each) => each.name === name);
  return known ?? { name, host: name.includes('.') ? name.toLowerCase() : '', transport: 'unknown' };
}

function judgeForm(entry: Entry): Fault[] {
  const { carrier, facts } = entry;
  if (!/^(PJ)?SIP/.test(carrier.protocol)) return [];
  const isPjsip = carrier.protocol.startsWith('PJSIP');
  const wanted = isPjsip ? 'PJSIP' : 'SIP';
  const faults: Fault[] = facts.dials
    .filter(({ tech }) => tech !== wanted && !tech.includes('${'))
    .map(({ tech }) => ({
      found: `${carrier.id} has protocol ${carrier.protocol} and dials ${tech}/`,
      fix: `${textOf(entry)}: the form for ${wanted} (carrier.tech in the configuration, then \`npx patchbay <id> snippets carrier\`).`,
    }));
  const strange = facts.headers.filter(({ by }) => isPjsip || by === 'pjsip');
  if (strange.length > 0) {
    const why = isPjsip
      ? 'on the customer’s channel, where PJSIP does not take them'
      : 'by PJSIP_HEADER, which chan_sip does not know';
    faults.push({
      found: `${carrier.id} adds headers ${why}`,
      fix: `${textOf(entry)}: ${isPjsip ? 'carry values in __ variables, and add headers in a handler that Dial runs by b()' : 'SIPAddHeader(X-name: value)'}.`,
    });
  }
  return faults;
}

/** The contexts that admins have added to a dialer's dialplan; null when the release or the grant does not show them. */
export async function customDialplan(site: Site): Promise<Extension[] | null> {
  const seen = await site.columns();
  const isSeen = (table: string) => seen.get(table)?.has('custom_dialplan_entry') === true;
  if (!isSeen('servers') && !isSeen('system_settings')) return null;
  const [dialers, settings] = await Promise.all([site.dialers(), site.settings()]);
  const texts = [...dialers.map((row) => row.custom_dialplan_entry), settings?.custom_dialplan_entry ?? ''];
  return texts.flatMap((text) => readDialplan(text));
}

function handlerCheck(run: CheckRun): Check {
  return tableCheck(
    run,
    {
      id: 'carrier.pjsip-handler',
      title: "PJSIP's handler adds the headers",
      looksAt: `${entryText}: b() of Dial; servers.custom_dialplan_entry`,
      needs: ['carrier.driver-form'],
      why: 'PJSIP takes headers on the called channel only, in a handler that Dial runs there; without it none is sent.',
      byHand: 'Admin → Servers → each dialer → Custom Dialplan Entry',
    },
    async (site): Promise<Findings> => {
      const entries = (await site.entries()).filter(({ carrier }) => carrier.protocol.startsWith('PJSIP'));
      if (entries.length === 0) return { found: 'not used: no carrier of the platform is PJSIP' };
      const contexts = await customDialplan(site);
      if (contexts === null) {
        return {
          found: 'the custom dialplan can not be read',
          isUnknown: true,
          fix: 'Look yourself: Admin → Servers → each dialer → Custom Dialplan Entry.',
        };
      }
      const faults = entries.flatMap((entry) => judgeHandler(entry, contexts));
      return { found: entries.map(({ facts }) => facts.dials[0]?.handler ?? '').join(', '), faults };
    },
  );
}

function judgeHandler(entry: Entry, contexts: readonly Extension[]): Fault[] {
  const handler = entry.facts.dials[0]?.handler ?? '';
  if (handler === '') {
    return [
      {
        found: `the Dial of ${entry.carrier.id} runs no handler`,
        fix: `${textOf(entry)}: Tob(patchbay-headers^s^1) as the options of Dial.`,
      },
    ];
  }
  const own = contexts.filter(({ context }) => context === handler);
  const names = own.flatMap(handlerHeaders);
  const fix = `Admin → Servers → each dialer → Custom Dialplan Entry: [${handler}] as \`npx patchbay <id> snippets carrier\` prints it.`;
  if (own.length === 0) return [{ found: `there is no context [${handler}] in the custom dialplan`, fix }];
  if (names.length === 0) return [{ found: `[${handler}] adds no header`, fix }];
  return [];
}

function judgeAddress({ id, config, deps }: Vicidial, entry: Entry): Fault[] {
  const { way, asks } = entry.facts;
  if (way !== 'curl' && way !== 'fastagi') return [];
  const faults = asks.flatMap((address) => (way === 'curl' ? judgeUrl(address) : judgeAgi(address)));
  return asks.length > 0 ? faults : [{ found: `${entry.carrier.id} asks no address that can be read`, fix: again() }];

  function again(): string {
    return `${textOf(entry)}: as \`npx patchbay ${id} snippets carrier\` prints it.`;
  }
  function judgeUrl(address: string): Fault[] {
    const path = `/v1/ivr/${id}/headers`;
    const [wanted, asked] = [urlOf(`${deps.publicUrl}${path}`), urlOf(address)];
    if (asked?.pathname !== wanted?.pathname)
      return [{ found: `${entry.carrier.id} asks ${address}, not …${path}`, fix: again() }];
    if (asked?.origin === wanted?.origin) return [];
    const fix = `${again()} If both addresses lead here, set server.publicUrl to the one that the dialers use.`;
    return [
      {
        found: `${entry.carrier.id} asks ${asked?.origin}, Patchbay calls itself ${wanted?.origin}`,
        fix,
        isWarning: true,
      },
    ];
  }
  function judgeAgi(address: string): Fault[] {
    const port = String(config.fastAgi?.port ?? '');
    if (port === '')
      return [{ found: `${entry.carrier.id} asks by FastAGI, which is not configured`, fix: 'Configure `fastAgi`.' }];
    const script = entry.carrier.protocol.startsWith('PJSIP') ? 'vicidial-pjsip' : 'vicidial';
    const isRight = new RegExp(`^agi://[^/]+:${port}/${script}$`).test(address);
    return isRight
      ? []
      : [{ found: `${entry.carrier.id} asks ${address}, not port ${port} and script ${script}`, fix: again() }];
  }
}

function urlOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/** Names of the headers that go out as an entry has them; null when they can't be told. */
export function headersSent(
  facts: EntryFacts,
  configured: readonly string[],
  contexts: readonly Extension[] | null,
): string[] | null {
  const handler = facts.dials[0]?.handler ?? '';
  const ofHandler =
    handler === '' ? [] : contexts?.filter(({ context }) => context === handler).flatMap(handlerHeaders);
  if (ofHandler === undefined) return null;
  const written = [...facts.headers.map(({ name }) => name), ...ofHandler].filter((name) => /^X-/i.test(name));
  return [...new Set(facts.isUnnamed ? [...configured, ...written] : written)];
}
