import type { VicidialConfig } from '../../config.ts';
import { lineUsersOf } from '../../line-users.ts';
import type { VicidialDatabase } from '../../tables/database.ts';
import type { LiveLine, StatusRow } from '../../tables/schema.ts';
import type { Vicidial } from '../../vicidial.ts';
import { once } from './once.ts';
import { readSeenColumns, type SeenColumns, selectSeen } from './read-columns.ts';
import {
  AgentRow,
  CalledListRow,
  CarrierRow,
  DialerRow,
  DiallingRow,
  FieldRow,
  type HandedCallRow,
  OneRow,
  SettingsRow,
  UserRow,
} from './rows.ts';
import { carriersOf, type Entry, entriesFor, foremost, isOnServerOf, type SiteCarrier } from './site-carriers.ts';
import { readTraffic, type Traffic } from './traffic.ts';

/** What the tables hold of the set-up, each subject read once in a run of the doctor, and only when it is asked for. */
export interface Site {
  database: VicidialDatabase;
  columns(): Promise<SeenColumns>;
  settings(): Promise<SettingsRow | undefined>;
  /** Active ones. */
  dialers(): Promise<DialerRow[]>;
  carriers(): Promise<SiteCarrier[]>;
  agents(): Promise<AgentRow[]>;
  /** Campaigns whose customers the AI talks to: those of the configuration, else those of the remote agents. */
  campaignNames(): Promise<string[]>;
  /** Those of them that VICIdial has as campaigns; an in-group is none. */
  campaigns(): Promise<DiallingRow[]>;
  inGroups(): Promise<string[]>;
  statuses(): Promise<StatusRow[]>;
  /** Remote agents of these campaigns and in-groups, whatever their status. */
  ourAgents(): Promise<AgentRow[]>;
  /** ACTIVE ones with the carrier entries that their extensions fit. */
  ways(): Promise<AiWay[]>;
  /** Entries that are in force on these ways, each once. */
  entries(): Promise<Entry[]>;
  lists(): Promise<CalledListRow[]>;
  customFields(): Promise<{ list_id: string; field_label: string }[]>;
  apiUser(): Promise<UserRow | undefined>;
  lineUsers(): Promise<UserRow[]>;
  lines(): Promise<LiveLine[]>;
  /** UTC seconds by the clock of the database. */
  databaseTime(): Promise<number>;
  /** Calls of the last day that went to lines, newest first. */
  handedCalls(): Promise<HandedCallRow[]>;
  traffic: Traffic;
}

export interface AiWay {
  agent: AgentRow;
  matches: readonly Entry[];
  /** Those of active carriers on the agent's dialer, where that is a real one. */
  inForce: readonly Entry[];
}

export function openSite(vicidial: Vicidial, database: VicidialDatabase): Site {
  const { config, reads } = vicidial;
  const named = Object.keys(config.campaigns).filter((name) => name !== '*');
  const columns = once(() => readSeenColumns(database));
  const select: Select = async (wanted) => await selectSeen(database, await columns(), wanted);
  const user = async (where: string, names: readonly string[]) =>
    names.length === 0 ? [] : await select({ table: 'vicidial_users', row: UserRow, where, values: [[...names]] });

  const agents = once(() => select({ table: 'vicidial_remote_agents', row: AgentRow }));
  const carriers = once(async () => carriersOf(await select({ table: 'vicidial_server_carriers', row: CarrierRow })));
  const campaignNames = once(async () =>
    named.length > 0 ? named : campaignsOf(await agents(), config.carrier.prefix),
  );
  const ourAgents = once(async () => {
    const names = await campaignNames();
    return (await agents()).filter(
      ({ user_start, campaign_id, closer_campaigns }) =>
        isNamed(config, user_start, campaign_id) &&
        (names.includes(campaign_id) || closer_campaigns.some((group) => names.includes(group))),
    );
  });
  const campaigns = once(async () =>
    inCampaigns(select, { table: 'vicidial_campaigns', row: DiallingRow }, await campaignNames()),
  );
  const dialers = once(async () => (await select({ table: 'servers', row: DialerRow })).filter(({ active }) => active));
  const ways = once(async () => {
    const [all, real] = await Promise.all([carriers(), dialers()]);
    return (await ourAgents()).filter(isActive).map((agent): AiWay => {
      const matches = entriesFor(all, agent.conf_exten);
      // An agent on no real dialer is another trouble: it is not told once more of each carrier.
      const isReal = real.some(({ server_ip }) => server_ip === agent.server_ip);
      const inForce = foremost(
        matches.filter((entry) => entry.carrier.isActive && (!isReal || isOnServerOf(entry, agent))),
      );
      return { agent, matches, inForce };
    });
  });
  const traffic = readTraffic(vicidial, database, { columns, campaignNames });

  return {
    database,
    columns,
    settings: once(async () => (await select({ table: 'system_settings', row: SettingsRow }))[0]),
    dialers,
    carriers,
    agents,
    campaignNames,
    campaigns,
    inGroups: once(async () => (await reads.inGroups()) ?? []),
    statuses: once(async () => (await reads.statuses()) ?? []),
    ourAgents,
    ways,
    entries: once(async () => distinct((await ways()).flatMap(({ inForce }) => inForce))),
    lists: once(async () =>
      inCampaigns(select, { table: 'vicidial_lists', row: CalledListRow }, await campaignNames()),
    ),
    customFields: once(() => select({ table: 'vicidial_lists_fields', row: FieldRow })),
    apiUser: once(async () => (await user('WHERE user IN (?)', [config.api.user]))[0]),
    lineUsers: once(async () => user('WHERE user IN (?)', [...lineUsersOf((await ourAgents()).filter(isActive))])),
    lines: once(() => reads.liveLines()),
    databaseTime: async () => (await database.select(OneRow, 'SELECT UNIX_TIMESTAMP() AS found', []))[0]?.found ?? 0,
    handedCalls: once(traffic.handedCalls),
    traffic,
  };
}

type Select = <Row>(wanted: Parameters<typeof selectSeen<Row>>[2]) => Promise<Row[]>;

async function inCampaigns<Row>(
  select: Select,
  wanted: Parameters<typeof selectSeen<Row>>[2],
  names: readonly string[],
): Promise<Row[]> {
  if (names.length === 0) return [];
  return await select({ ...wanted, where: 'WHERE campaign_id IN (?)', values: [[...names]] });
}

/** A campaign may have remote agents that lead to people: where the configuration names ours, the others are none of them. */
function isNamed({ remoteAgents }: VicidialConfig, user: string, campaign: string): boolean {
  const own = remoteAgents.filter((agent) => agent.campaign === undefined || agent.campaign === campaign);
  return own.length === 0 || own.some((agent) => agent.user === user);
}

/** Where no campaign is configured: those of the remote agents that dial by the platform's prefix, else all. */
function campaignsOf(agents: readonly AgentRow[], prefix: string): string[] {
  const own = agents.filter(({ conf_exten }) => conf_exten.startsWith(prefix));
  return [...new Set((own.length > 0 ? own : agents).map(({ campaign_id }) => campaign_id).filter(Boolean))];
}

export function isActive({ status }: Pick<AgentRow, 'status'>): boolean {
  return status === 'ACTIVE';
}

function distinct(entries: readonly Entry[]): Entry[] {
  const keyOf = ({ carrier, extension }: Entry) => `${carrier.id} ${extension.context} ${extension.pattern}`;
  return [...new Map(entries.map((entry) => [keyOf(entry), entry])).values()];
}
