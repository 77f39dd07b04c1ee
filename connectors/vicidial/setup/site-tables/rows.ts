import { z } from 'zod';

/** A column that a release lacks counts as empty. */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const whole = text.transform((value) => Math.trunc(Number(value)) || 0);
const isYes = text.transform((value) => value === 'Y');
const isOne = text.transform((value) => value === '1');
/** ` NEW DROP -`: words between blanks. */
const words = text.transform((value) => value.split(' ').filter((word) => word !== '' && word !== '-'));

export const ColumnRow = z.object({ table: z.string(), column: z.string() });

export const SettingsRow = z.object({
  db_schema_version: whole,
  custom_fields_enabled: isOne,
  vdc_agent_api_active: isOne,
  allow_ip_lists: isOne,
  custom_dialplan_entry: text,
});
export type SettingsRow = z.infer<typeof SettingsRow>;

export const DialerRow = z.object({
  server_ip: text,
  active: isYes,
  asterisk_version: text,
  local_gmt: text,
  ext_context: text,
  carrier_logging_active: text,
  custom_dialplan_entry: text,
});
export type DialerRow = z.infer<typeof DialerRow>;

export const CarrierRow = z.object({
  carrier_id: z.string(),
  protocol: text,
  account_entry: text,
  globals_string: text,
  dialplan_entry: text,
  server_ip: text,
  active: isYes,
});
export type CarrierRow = z.infer<typeof CarrierRow>;

export const AgentRow = z.object({
  user_start: text,
  number_of_lines: whole,
  server_ip: text,
  conf_exten: text,
  status: text,
  campaign_id: text,
  closer_campaigns: words,
  on_hook_agent: text,
});
export type AgentRow = z.infer<typeof AgentRow>;

export const UserRow = z.object({
  user: z.string(),
  active: isYes,
  user_level: whole,
  user_group: text,
  vdc_agent_api_access: text,
  modify_leads: text,
  modify_lists: text,
  modify_campaigns: text,
  modify_users: text,
  modify_remoteagents: text,
  view_reports: text,
  delete_from_dnc: text,
  ast_admin_access: text,
  api_list_restrict: text,
  api_allowed_functions: words,
  failed_login_count: whole,
  vicidial_recording_override: text,
});
export type UserRow = z.infer<typeof UserRow>;

export const DiallingRow = z.object({
  campaign_id: z.string(),
  active: isYes,
  dial_method: text,
  auto_dial_level: text.transform(Number),
  hopper_level: whole,
  auto_hopper_level: text,
  dial_statuses: words,
  local_call_time: text,
  dial_prefix: text,
  manual_dial_prefix: text,
  three_way_dial_prefix: text,
  omit_phone_code: text,
  campaign_cid: text,
  use_custom_cid: text,
  cid_group_id: text,
  campaign_vdad_exten: text,
  drop_call_seconds: whole,
  start_call_url: text,
  campaign_recording: text,
  campaign_allow_inbound: text,
  amd_send_to_vmx: text,
  cpd_amd_action: text,
});
export type DiallingRow = z.infer<typeof DiallingRow>;

export const CalledListRow = z.object({
  list_id: z.string().regex(/^\d+$/),
  campaign_id: text,
  active: isYes,
  expiration_date: text,
  dial_prefix: text,
  campaign_cid_override: text,
});
export type CalledListRow = z.infer<typeof CalledListRow>;

export const FieldRow = z.object({ list_id: text, field_label: z.string() });
export const CountRow = z.object({ campaign_id: text, status: text, calls: whole });
export type CountRow = z.infer<typeof CountRow>;
export const AmdRow = z.object({ status: text, calls: whole });
export type AmdRow = z.infer<typeof AmdRow>;
export const OneRow = z.object({ found: whole });

export const LeadIdRow = z.object({ lead_id: z.coerce.string() });

/** How many of the leads that were looked at may be dialled. */
export const DialableRow = z.object({ looked: whole, dialable: whole });
export type DialableRow = z.infer<typeof DialableRow>;

/** A call that was handed to a line, with its log row and what its leg to the platform came to. 0: not told. */
export const HandedCallRow = z.object({
  lead_id: text,
  campaign_id: text,
  status: text,
  term_reason: text,
  length_in_sec: whole,
  end_epoch: whole,
  start_epoch: whole,
  dialstatus: text,
  sip_hangup_cause: whole,
  dial_time: whole,
  answered_time: whole,
});
export type HandedCallRow = z.infer<typeof HandedCallRow>;
