import type { Check } from '../../../../src/domain/connector.ts';
import { matchesPattern, prefixOf } from '../dialplan/match-pattern.ts';
import type { DiallingRow } from '../site-tables/rows.ts';
import type { AiWay, Site } from '../site-tables/site.ts';
import { type Entry, everyServer, type SiteCarrier } from '../site-tables/site-carriers.ts';
import { type CheckPlan, type CheckRun, type Fault, type Findings, tableCheck } from './check-of.ts';
import { expectedExtension } from './expected.ts';
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
        const fix = `Admin → Carriers: give the platform a prefix of its own, which no pattern of another carrier fits; then ${page(agent)} → External Extension.`;
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
      async (site) => eachEntry(await site.entries(), (entry) => judgeStrip(entry)),
    ),
    check(
      {
        id: 'carrier.duplicate-prefix',
        title: 'No two carriers hold the same pattern',
        needs: [],
        why: 'Which of the two takes a call is left to chance.',
      },
      async (site) => {
        const extensions = (await site.ways()).map(({ agent }) => agent.conf_exten);
        return lookForTwins(
          (await site.carriers()).filter(({ isActive }) => isActive),
          extensions,
        );
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
  fix: string;
}

async function prefixesOf(site: Site): Promise<Prefix[]> {
  const fields: [keyof DiallingRow, string][] = [
    ['dial_prefix', 'Dial Prefix'],
    ['manual_dial_prefix', 'Manual Dial Prefix'],
    ['three_way_dial_prefix', '3-Way Call Dial Prefix'],
  ];
  const ofCampaigns = (await site.campaigns()).flatMap((row) =>
    fields.map(([column, label]) => ({
      where: `${label} of campaign ${row.campaign_id}`,
      value: String(row[column]),
      fix: `Admin → Campaigns → ${row.campaign_id} → Detail → ${label}: that of your customers' carrier`,
    })),
  );
  const ofLists = (await site.lists()).map((row) => ({
    where: `Dial Prefix of list ${row.list_id}`,
    value: row.dial_prefix,
    fix: `Admin → Lists → ${row.list_id} → Dial Prefix: that of your customers' carrier`,
  }));
  return [...ofCampaigns, ...ofLists].filter(({ value }) => value !== '');
}

/** Made-up customers, with and without the country code: how VICIdial puts prefix and number together. */
const customers = ['13035551000', '3035551000'];

function lookAtPrefixes(entries: readonly Entry[], prefixes: readonly Prefix[]): Findings {
  const faults = prefixes.flatMap(({ where, value, fix }) => {
    const digits = value.toUpperCase() === 'X' ? '' : value;
    const hit = entries.find(({ extension }) =>
      customers.some((number) => matchesPattern(extension.pattern, digits + number)),
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

function judgeStrip(entry: Entry): Fault[] {
  const { extension, facts, carrier } = entry;
  const prefix = prefixOf(extension.pattern);
  if (facts.dials.length === 0)
    return [
      {
        found: `${extension.pattern} of ${carrier.id} has no Dial`,
        fix: `${textOf(entry)}: end it with Dial, as \`npx patchbay <id> snippets carrier\` prints it.`,
      },
    ];
  return facts.dials.flatMap(({ strip }): Fault[] => {
    if (strip === null) {
      return [
        {
          found: `the Dial of ${carrier.id} does not use \${EXTEN}`,
          fix: `${textOf(entry)}: dial \${EXTEN:${prefix.length}}.`,
        },
      ];
    }
    // The rest of a pattern's digits may be the country code.
    const isFitting = strip <= prefix.length && /^1?$/.test(prefix.slice(strip));
    if (isFitting) return [];
    const found = `${extension.pattern} of ${carrier.id} begins with ${prefix.length} digits, and \${EXTEN:${strip}} cuts ${strip} off`;
    return [{ found, fix: `${textOf(entry)}: dial \${EXTEN:${prefix.length}}.` }];
  });
}

/** Those that fit a remote agent's extension are told by another check. */
function lookForTwins(carriers: readonly SiteCarrier[], extensions: readonly string[]): Findings {
  const patterns = carriers.flatMap((carrier) =>
    carrier.extensions.filter(({ context }) => context === '').map(({ pattern }) => ({ carrier, pattern })),
  );
  const faults: Fault[] = [];
  for (const [index, { carrier, pattern }] of patterns.entries()) {
    if (extensions.some((dialled) => matchesPattern(pattern, dialled))) continue;
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
