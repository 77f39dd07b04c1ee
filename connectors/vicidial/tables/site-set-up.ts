import type { VicidialDatabase } from './database.ts';
import { StatusRow } from './schema.ts';
import {
  CampaignSetUp,
  CarrierSetUp,
  ListSetUp,
  RemoteAgentSetUp,
  ServerSetUp,
  UserRights,
  UserSetUp,
} from './site-rows.ts';

/** What a site has set up on the way to the AI, as its tables hold it. All of these tables are small. */
export interface SiteSetUp {
  servers: readonly ServerSetUp[];
  carriers: readonly CarrierSetUp[];
  campaigns: readonly CampaignSetUp[];
  lists: readonly ListSetUp[];
  remoteAgents: readonly RemoteAgentSetUp[];
  statuses: readonly StatusRow[];
}

/** Reads it all. Columns are named one by one: their tables hold passwords too. */
export async function readSiteSetUp(database: VicidialDatabase): Promise<SiteSetUp> {
  const [servers, carriers, campaigns, lists, remoteAgents, system, own] = await Promise.all([
    readServers(database),
    readCarriers(database),
    readCampaigns(database),
    database.select(ListSetUp, 'SELECT list_id, list_name, campaign_id, active FROM vicidial_lists', []),
    readRemoteAgents(database),
    // Flags came in over the years, so whatever columns the release has are taken.
    database.select(StatusRow, 'SELECT * FROM vicidial_statuses', []),
    database.select(StatusRow, 'SELECT * FROM vicidial_campaign_statuses', []),
  ]);
  return { servers, carriers, campaigns, lists, remoteAgents, statuses: [...system, ...own] };
}

export function readServers(database: VicidialDatabase): Promise<ServerSetUp[]> {
  return database.select(
    ServerSetUp,
    'SELECT server_ip, active, asterisk_version, local_gmt, rebuild_conf_files FROM servers ORDER BY server_ip',
    [],
  );
}

export function readCarriers(database: VicidialDatabase): Promise<CarrierSetUp[]> {
  return database.select(
    CarrierSetUp,
    'SELECT carrier_id, protocol, dialplan_entry, active FROM vicidial_server_carriers ORDER BY carrier_id',
    [],
  );
}

export function readCampaigns(database: VicidialDatabase): Promise<CampaignSetUp[]> {
  return database.select(
    CampaignSetUp,
    `SELECT campaign_id, campaign_name, active, dial_method, auto_dial_level, hopper_level, dial_statuses, dial_prefix,
       campaign_cid, campaign_vdad_exten, drop_call_seconds, use_internal_dnc, campaign_calldate
     FROM vicidial_campaigns ORDER BY campaign_id`,
    [],
  );
}

export function readRemoteAgents(database: VicidialDatabase): Promise<RemoteAgentSetUp[]> {
  return database.select(
    RemoteAgentSetUp,
    `SELECT user_start, number_of_lines, server_ip, conf_exten, status, campaign_id FROM vicidial_remote_agents
     ORDER BY remote_agent_id`,
    [],
  );
}

/** Those of these users that exist, with their groups. */
export async function readUsers(database: VicidialDatabase, users: readonly string[]): Promise<UserSetUp[]> {
  if (users.length === 0) return [];
  return database.select(UserSetUp, 'SELECT user, user_group FROM vicidial_users WHERE user IN (?)', [users]);
}

export function readUserRights(database: VicidialDatabase, user: string): Promise<UserRights[]> {
  return database.select(
    UserRights,
    'SELECT user_level, ast_admin_access, vdc_agent_api_access, api_allowed_functions FROM vicidial_users WHERE user = ?',
    [user],
  );
}
