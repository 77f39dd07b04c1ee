/** Columns of `vicidial_users` that the API asks for, as the admin page names them, and what they must hold. */
export const userRights = {
  vdc_agent_api_access: { label: 'Agent API Access', value: '1' },
  modify_leads: { label: 'Modify Leads', value: '1' },
  modify_lists: { label: 'Modify Lists', value: '1' },
  delete_from_dnc: { label: 'Delete From DNC Lists', value: '1' },
  view_reports: { label: 'View Reports', value: '1' },
  modify_campaigns: { label: 'Modify Campaigns', value: '1' },
  modify_remoteagents: { label: 'Modify Remote Agents', value: '1' },
  modify_users: { label: 'Modify Users', value: '1' },
  ast_admin_access: { label: 'AGC Admin Access', value: '1' },
} as const;
export type UserRight = keyof typeof userRights;

/** What a function is called for, which decides whether a site needs it. */
export type FunctionUse =
  /** Results: always. */
  | 'results'
  /** Only to take an opt-out back. */
  | 'undo'
  /** Only the commands that steer the dialer. */
  | 'steer'
  /** Only `npx patchbay setup --apply`, best with an admin's log-in of its own. */
  | 'setup'
  /** Only `npx patchbay call test`. */
  | 'test-call'
  /** Only where there is no access to the tables. */
  | 'api-only';

export interface ApiFunctionNeeds {
  use: FunctionUse;
  /** Least user level. */
  level: number;
  rights: readonly UserRight[];
}

/** Every API function that the connector calls, with what the API user must have for it. */
export const apiFunctions = {
  version: { use: 'results', level: 1, rights: [] },
  update_lead: { use: 'results', level: 8, rights: ['vdc_agent_api_access', 'modify_leads'] },
  update_log_entry: { use: 'results', level: 8, rights: ['vdc_agent_api_access', 'modify_leads'] },
  add_dnc_phone: { use: 'results', level: 8, rights: ['modify_lists'] },
  ra_call_control: { use: 'results', level: 1, rights: ['vdc_agent_api_access'] },
  delete_dnc_phone: { use: 'undo', level: 8, rights: ['modify_lists', 'delete_from_dnc'] },
  hopper_bulk_insert: { use: 'steer', level: 8, rights: ['vdc_agent_api_access', 'modify_campaigns'] },
  update_remote_agent: { use: 'steer', level: 8, rights: ['vdc_agent_api_access', 'modify_remoteagents'] },
  update_list: { use: 'steer', level: 8, rights: ['vdc_agent_api_access', 'modify_lists'] },
  update_campaign: { use: 'setup', level: 8, rights: ['vdc_agent_api_access', 'modify_campaigns'] },
  add_user: { use: 'setup', level: 8, rights: ['vdc_agent_api_access', 'modify_users'] },
  server_refresh: { use: 'setup', level: 8, rights: ['vdc_agent_api_access', 'ast_admin_access'] },
  add_lead: { use: 'test-call', level: 8, rights: ['vdc_agent_api_access', 'modify_leads'] },
  lead_all_info: { use: 'api-only', level: 7, rights: ['vdc_agent_api_access', 'view_reports', 'modify_leads'] },
  lead_field_info: { use: 'api-only', level: 7, rights: ['vdc_agent_api_access', 'modify_leads'] },
  lead_search: { use: 'api-only', level: 8, rights: ['vdc_agent_api_access', 'modify_leads'] },
  lead_callback_info: { use: 'api-only', level: 7, rights: ['vdc_agent_api_access', 'view_reports'] },
  ccc_lead_info: { use: 'api-only', level: 7, rights: ['vdc_agent_api_access', 'view_reports'] },
  callid_info: { use: 'api-only', level: 7, rights: ['vdc_agent_api_access', 'view_reports'] },
  logged_in_agents: { use: 'api-only', level: 7, rights: ['vdc_agent_api_access', 'view_reports'] },
  agent_status: { use: 'api-only', level: 7, rights: ['vdc_agent_api_access', 'view_reports'] },
  recording_lookup: { use: 'api-only', level: 7, rights: ['vdc_agent_api_access', 'view_reports'] },
  list_info: { use: 'api-only', level: 8, rights: ['vdc_agent_api_access', 'modify_lists'] },
} as const satisfies Record<string, ApiFunctionNeeds>;
export type ApiFunctionName = keyof typeof apiFunctions;
