import type { ArchiveTable } from './archive-tables.ts';

/** Every table that is read whole; the database user needs SELECT on these, and on the columns below. */
export const tablesRead = [
  'recording_log',
  'vicidial_amd_log',
  'vicidial_auto_calls',
  'vicidial_callbacks',
  'vicidial_campaign_dnc',
  'vicidial_campaign_statuses',
  'vicidial_campaigns',
  'vicidial_carrier_log',
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

/** Tables that hold passwords too: only these columns of them are read, and only the doctor reads them. */
export const columnsRead = {
  servers: [
    'server_ip',
    'active',
    'asterisk_version',
    'local_gmt',
    'ext_context',
    'rebuild_conf_files',
    'carrier_logging_active',
    'custom_dialplan_entry',
  ],
  system_settings: [
    'db_schema_version',
    'custom_fields_enabled',
    'vdc_agent_api_active',
    'allow_ip_lists',
    'custom_dialplan_entry',
  ],
  vicidial_server_carriers: [
    'carrier_id',
    'protocol',
    'account_entry',
    'globals_string',
    'dialplan_entry',
    'server_ip',
    'active',
  ],
  vicidial_users: [
    'user',
    'active',
    'user_level',
    'user_group',
    'vdc_agent_api_access',
    'modify_leads',
    'modify_lists',
    'modify_campaigns',
    'modify_users',
    'modify_remoteagents',
    'view_reports',
    'delete_from_dnc',
    'ast_admin_access',
    'api_list_restrict',
    'api_allowed_functions',
    'failed_login_count',
    'vicidial_recording_override',
  ],
} as const satisfies Record<string, readonly string[]>;
export type TableOfColumns = keyof typeof columnsRead;

/** Read where a site has them. */
export const archivesRead = [
  'vicidial_closer_log_archive',
  'vicidial_list_archive',
  'vicidial_log_archive',
  'vicidial_log_extended_archive',
] as const satisfies readonly ArchiveTable[];
