import type { Check } from '../../../../src/domain/connector.ts';
import { calledNumber } from '../dialplan/called-number.ts';
import { matchesPattern, patternsMeet, prefixOf } from '../dialplan/match-pattern.ts';
import type { DiallingRow } from '../site-tables/rows.ts';
import type { AiWay, Site } from '../site-tables/site.ts';
import { type Entry, everyServer, type SiteCarrier } from '../site-tables/site-carriers.ts';
import { type CheckPlan, type CheckRun, type Fault, type Findings, tableCheck } from './check-of.ts';
import { digitsOf, expectedExtension, expectedNumber } from './expected.ts';
import { named, page } from './remote-agent-checks.ts';

const byHand = 'Admin → Carriers → the carrier of the platform';
const dialplanEntry = 'vicidial_server_carriers.dialplan_entry';

/** Whether the remote agents' extensions lead to one carrier entry, and nobody else's do. */
export function carrierChecks(run: CheckRun): Check[] {
  const { config } = run.vicidial;
  const check = (plan: Omit<CheckPlan, 'looksAt'> & { looksAt?: string }, look: (site: Site) => Promise<Findings>) =>
    tableCheck(run, { looksAt: dialplanEntry, ...plan, byHand }, look);
  const eachWay = (judge: (way: AiWay) => Fault[]) => async (site: Site) => {
    const ways = await site.ways();
    return { found: ways.map(shown).join('; '), faults: ways.flatMap(judge) };
  };

  return [
    check(
      {
        id: 'carrier.there',
        title: 'A carrier has a pattern for the extension of each remote agent',
        needs: ['remote-agent.extension'],
        why: 'An extension that no pattern fits is dialled nowhere: the call is dropped.',
      },
      eachWay(({ agent, matches }) => {
        if (matches.length > 0) return [];
        const wanted = expectedExtension(config, agent.campaign_id);
        const fix = `${page(agent)} → External Extension: ${wanted}; and Admin → Carriers: an entry for _${config.carrier.prefix}X. as \`npx patchbay <id> snippets carrier\` prints it.`;
        return [{ found: `the extension ${agent.conf_exten} of ${named(agent)} fits no carrier's pattern`, fix }];
      }),
    ),
    check(
      {
        id: 'carrier.active',
        title: 'The carrier of the platform is active',
        looksAt: 'vicidial_server_carriers.active',
        needs: ['carrier.there'],
        why: 'What a carrier holds is in force on the dialers only while it is active.',
      },
      eachWay(({ matches }) => {
        if (matches.some(({ carrier }) => carrier.isActive)) return [];
        const ids = matches.map(({ carrier }) => carrier.id);
        return [{ found: `carrier ${ids.join(', ')} is not active`, fix: `Admin → Carriers → ${ids[0]} → Active: Y` }];
      }),
    ),
    check(
      {
        id: 'carrier.server',
        title: "The carrier is on the remote agent's dialer",
        looksAt: 'vicidial_server_carriers.server_ip',
        needs: ['carrier.active'],
        why: 'The call goes out from the dialer on which the remote agent is: an entry that is elsewhere does not help it.',
      },
      eachWay(({ agent, matches, inForce }) => {
        if (inForce.length > 0) return [];
        const entry = matches.find(({ carrier }) => carrier.isActive);
        const fix = `Admin → Carriers → ${entry?.carrier.id} → Server IP: ${everyServer} (all servers), or ${agent.server_ip}`;
        return [
          {
            found: `carrier ${entry?.carrier.id} is on ${entry?.carrier.server}, ${named(agent)} on ${agent.server_ip}`,
            fix,
          },
        ];
      }),
    ),
    check(
      {
        id: 'carrier.one-pattern',
        title: 'Exactly one active pattern fits the extension',
        needs: ['carrier.server'],
        why: 'Of two patterns Asterisk takes the more exact one, or either: the call may go to another carrier.',
      },
      eachWay(({ agent, inForce }) => {
        if (inForce.length === 1) return [];
        const all = inForce.map(({ carrier, extension }) => `${extension.pattern} of ${carrier.id}`);
        const wanted = expectedExtension(config, agent.campaign_id);
        const fix = `Give the platform a prefix of its own, which no pattern of another carrier fits: ${page(agent)} → External Extension: ${wanted}; and Admin → Carriers: an entry for _${config.carrier.prefix}X. as \`npx patchbay <id> snippets carrier\` prints it. If that fits two patterns as well, set carrier.prefix to other digits first.`;
        return [{ found: `${agent.conf_exten} fits ${all.join(' and ')}`, fix }];
      }),
    ),
    check(
      {
        id: 'carrier.own-prefix',
        title: 'No customer is dialled by the pattern of the platform',
        looksAt: `vicidial_campaigns.dial_prefix, manual_dial_prefix, three_way_dial_prefix; vicidial_lists.dial_prefix; ${dialplanEntry}`,
        needs: ['carrier.one-pattern', 'campaign.there'],
        why: "With one prefix for both, customers' numbers are dialled to the platform, and the customers never.",
      },
      async (site) => lookAtPrefixes(await site.entries(), await prefixesOf(site)),
    ),
    check(
      {
        id: 'carrier.strip',
        title: 'The pattern and what is cut off agree',
        needs: ['carrier.one-pattern'],
        why: 'Digits that are cut off too many or too few make another number of it, which the platform does not know.',
      },
      async (site) => {
        const faults = (await site.ways()).flatMap(({ agent, inForce: [entry] }) =>
          entry ? judgeStrip(entry, agent.conf_exten, digitsOf(expectedNumber(config, agent.campaign_id))) : [],
        );
        return { ...eachEntry(await site.entries(), () => []), faults };
      },
    ),
    check(
      {
        id: 'carrier.duplicate-prefix',
        title: 'No two carriers hold the same pattern',
        needs: [],
        why: 'Which of the two takes a call to a customer is left to chance.',
      },
      async (site) => {
        const extensions = (await site.ways()).map(({ agent }) => agent.conf_exten);
        const forms = (await prefixesOf(site)).map(formOf);
        const active = (await site.carriers()).filter(({ isActive }) => isActive);
        return lookForTwins(active, { extensions, forms });
      },
    ),
  ];
}

function shown({ agent, inForce, matches }: AiWay): string {
  const [entry] = inForce.length > 0 ? inForce : matches;
  return `${named(agent)}: ${agent.conf_exten} to ${entry?.extension.pattern} of ${entry?.carrier.id}`;
}

/** Judges each entry that is in force, and names it when all is well. */
export function eachEntry(entries: readonly Entry[], judge: (entry: Entry) => Fault[]): Findings {
  const names = entries.map(({ carrier, extension }) => `${extension.pattern} of carrier ${carrier.id}`);
  return { found: names.join('; '), faults: entries.flatMap(judge) };
}

/** Where an admin finds an entry's text. */
export function textOf({ carrier }: Entry): string {
  return `Admin → Carriers → ${carrier.id} → Dialplan Entry`;
}

interface Prefix {
  where: string;
  value: string;
  /** Customers are dialled without their country code. */
  isNational: boolean;
  fix: string;
}

async function prefixesOf(site: Site): Promise<Prefix[]> {
  const fields: [keyof DiallingRow, string][] = [
    ['dial_prefix', 'Dial Prefix'],
    ['manual_dial_prefix', 'Manual Dial Prefix'],
    ['three_way_dial_prefix', '3-Way Call Dial Prefix'],
  ];
  const campaigns = await site.campaigns();
  const national = campaigns.filter((row) => row.omit_phone_code === 'Y').map((row) => row.campaign_id);
  const ofCampaigns = campaigns.flatMap((row) =>
    fields.map(([column, label]) => ({
      isNational: national.includes(row.campaign_id),
      where: `${label} of campaign ${row.campaign_id}`,
      value: String(row[column]),
      fix: `Admin → Campaigns → ${row.campaign_id} → Detail → ${label}: that of your customers' carrier`,
    })),
  );
  const ofLists = (await site.lists()).map((row) => ({
    isNational: national.includes(row.campaign_id),
    where: `Dial Prefix of list ${row.list_id}`,
    value: row.dial_prefix,
    fix: `Admin → Lists → ${row.list_id} → Dial Prefix: that of your customers' carrier`,
  }));
  return [...ofCampaigns, ...ofLists].filter(({ value }) => value !== '');
}

/** Every number of North America. */
const customers = 'NXXNXXXXXX';

/** What is dialled with a prefix; X stands for none. */
function formOf({ value, isNational }: Prefix): string {
  return `_${digitsOf(value)}${isNational ? '' : '1'}${customers}`;
}

function lookAtPrefixes(entries: readonly Entry[], prefixes: readonly Prefix[]): Findings {
  const faults = prefixes.flatMap((prefix) => {
    const { where, value, fix } = prefix;
    const [digits, form] = [digitsOf(value), formOf(prefix)];
    const hit = entries.find(
      ({ extension: { pattern } }) => digits.startsWith(prefixOf(pattern)) || patternsMeet(pattern, form),
    );
    return hit
      ? [{ found: `${where} is ${value}: customers fit ${hit.extension.pattern} of carrier ${hit.carrier.id}`, fix }]
      : [];
  });
  return {
    found: `${[...new Set(prefixes.map(({ value }) => value))].join(', ') || 'no prefix'} lead elsewhere`,
    faults,
  };
}

/** `wanted`: digits of the number that the AI answers; empty when it is not configured. */
function judgeStrip(entry: Entry, dialled: string, wanted: string): Fault[] {
  const { extension, facts, carrier } = entry;
  const prefix = prefixOf(extension.pattern);
  if (facts.dials.length === 0)
    return [
      {
        found: `${extension.pattern} of ${carrier.id} has no Dial`,
        fix: `${textOf(entry)}: end it with Dial, as \`npx patchbay <id> snippets carrier\` prints it.`,
      },
    ];
  return facts.dials.flatMap(({ strip, user }): Fault[] => {
    const called = calledNumber(user, dialled);
    if (strip === null) {
      if (called !== null && called !== '' && called === wanted) return [];
      return [
        {
          found: `the Dial of ${carrier.id} does not use \${EXTEN}`,
          fix: `${textOf(entry)}: dial \${EXTEN:${prefix.length}}.`,
        },
      ];
    }
    // Another form, such as 1${EXTEN:5}: whether it makes the right number is told where numbers are compared.
    const isPlain = /^\+?\$\{EXTEN(:\d+)?\}$/.test(user);
    const isFitting = isPlain
      ? strip <= prefix.length && isHeadOfNumber(prefix.slice(strip), wanted)
      : called !== null && /^\d{8,15}$/.test(called);
    if (isFitting) return [];
    const found = `${extension.pattern} of ${carrier.id} begins with ${prefix.length} digits, and \${EXTEN:${strip}} cuts ${strip} off`;
    return [{ found, fix: `${textOf(entry)}: dial \${EXTEN:${prefix.length}}.` }];
  });
}

/** What is left of a pattern's own digits may be the country code, or the number itself. */
function isHeadOfNumber(rest: string, wanted: string): boolean {
  return rest === '' || (wanted === '' ? /^(1|\d{8,15})$/.test(rest) : wanted.startsWith(rest));
}

/**
 * Patterns by which these campaigns' customers are dialled: a site's other carriers are no business of the AI. Those that fit
 * a remote agent's extension are told by another check.
 */
function lookForTwins(
  carriers: readonly SiteCarrier[],
  { extensions, forms }: { extensions: readonly string[]; forms: readonly string[] },
): Findings {
  const patterns = carriers.flatMap((carrier) =>
    carrier.extensions.filter(({ context }) => context === '').map(({ pattern }) => ({ carrier, pattern })),
  );
  const faults: Fault[] = [];
  for (const [index, { carrier, pattern }] of patterns.entries()) {
    if (extensions.some((dialled) => matchesPattern(pattern, dialled))) continue;
    if (!forms.some((form) => patternsMeet(pattern, form))) continue;
    const twin = patterns
      .slice(index + 1)
      .find(
        (other) =>
          other.pattern === pattern &&
          other.carrier !== carrier &&
          (other.carrier.server === carrier.server || [other.carrier.server, carrier.server].includes(everyServer)),
      );
    if (!twin) continue;
    const fix = `Admin → Carriers → ${twin.carrier.id}: another prefix, or Active N.`;
    faults.push({ found: `carriers ${carrier.id} and ${twin.carrier.id} both hold ${pattern}`, fix });
  }
  return { found: `${patterns.length} patterns of ${carriers.length} active carriers`, faults };
}
