import type { ArchiveTable } from './archive-tables.ts';

/** Every table that the connector reads; the database user needs SELECT on these and on nothing else. */
export const tablesRead = [
  'recording_log',
  'servers',
  'vicidial_auto_calls',
  'vicidial_callbacks',
  'vicidial_campaign_dnc',
  'vicidial_campaign_statuses',
  'vicidial_campaigns',
  'vicidial_closer_log',
  'vicidial_dnc',
  'vicidial_hopper',
  'vicidial_inbound_groups',
  'vicidial_list',
  'vicidial_list_alt_phones',
  'vicidial_lists',
  'vicidial_lists_fields',
  'vicidial_live_agents',
  'vicidial_log',
  'vicidial_log_extended',
  'vicidial_remote_agent_log',
  'vicidial_remote_agents',
  'vicidial_statuses',
] as const;

/** Read where a site has them. */
export const archivesRead = [
  'vicidial_closer_log_archive',
  'vicidial_list_archive',
  'vicidial_log_archive',
  'vicidial_log_extended_archive',
] as const satisfies readonly ArchiveTable[];
