import { z } from 'zod';
import { filled } from '../../shared/read-as.ts';
import { zeroDate } from './schema.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const whole = text.transform((value) => Math.trunc(Number(value)) || 0);
const yes = text.transform((value) => value === 'Y');
const words = text.transform((value) => value.split(' ').filter((word) => word !== '' && word !== '-'));
const date = text.transform((value) => (zeroDate.test(value) ? '' : value));

/** A dialer of the site. */
export const ServerSetUp = z
  .object({ server_ip: text, active: yes, asterisk_version: text, local_gmt: text, rebuild_conf_files: yes })
  .transform((row) => ({
    ip: row.server_ip,
    isActive: row.active,
    asterisk: row.asterisk_version,
    gmt: row.local_gmt,
    /** Its configuration waits to be written anew. */
    isRebuilding: row.rebuild_conf_files,
  }));
export type ServerSetUp = z.infer<typeof ServerSetUp>;

export const CarrierSetUp = z
  .object({ carrier_id: text, protocol: text, dialplan_entry: text, active: yes })
  .transform((row) => ({
    id: row.carrier_id,
    protocol: row.protocol,
    dialplan: row.dialplan_entry,
    isActive: row.active,
  }));
export type CarrierSetUp = z.infer<typeof CarrierSetUp>;

/** What of a campaign decides whether its calls reach the AI. */
export const CampaignSetUp = z
  .object({
    campaign_id: filled,
    campaign_name: text,
    active: yes,
    dial_method: text,
    auto_dial_level: text,
    hopper_level: text,
    dial_statuses: words,
    dial_prefix: text,
    campaign_cid: text,
    campaign_vdad_exten: text,
    drop_call_seconds: whole,
    use_internal_dnc: text,
    campaign_calldate: date,
  })
  .transform((row) => ({
    id: row.campaign_id,
    name: row.campaign_name,
    isActive: row.active,
    dialMethod: row.dial_method,
    dialLevel: row.auto_dial_level,
    hopperLevel: row.hopper_level,
    dialStatuses: row.dial_statuses,
    dialPrefix: row.dial_prefix,
    callerId: row.campaign_cid,
    routingExtension: row.campaign_vdad_exten,
    dropSeconds: row.drop_call_seconds,
    usesInternalDnc: row.use_internal_dnc,
    /** The last call's time on the server's clock; empty when there was none. */
    lastCallAt: row.campaign_calldate,
  }));
export type CampaignSetUp = z.infer<typeof CampaignSetUp>;

export const ListSetUp = z
  .object({ list_id: z.string().regex(/^\d+$/), list_name: text, campaign_id: text, active: yes })
  .transform((row) => ({ id: row.list_id, name: row.list_name, campaign: row.campaign_id, isActive: row.active }));
export type ListSetUp = z.infer<typeof ListSetUp>;

export const RemoteAgentSetUp = z
  .object({
    user_start: filled,
    number_of_lines: whole,
    server_ip: text,
    conf_exten: text,
    status: text,
    campaign_id: text,
  })
  .transform((row) => ({
    user: row.user_start,
    lines: row.number_of_lines,
    server: row.server_ip,
    extension: row.conf_exten,
    status: row.status,
    campaign: row.campaign_id,
  }));
export type RemoteAgentSetUp = z.infer<typeof RemoteAgentSetUp>;

export const UserSetUp = z
  .object({ user: filled, user_group: text })
  .transform((row) => ({ user: row.user, group: row.user_group }));
export type UserSetUp = z.infer<typeof UserSetUp>;

/** What decides whether a user may call `server_refresh`. */
export const UserRights = z
  .object({ user_level: whole, ast_admin_access: text, vdc_agent_api_access: text, api_allowed_functions: words })
  .transform((row) => ({
    level: row.user_level,
    isAstAdmin: row.ast_admin_access === '1',
    hasApiAccess: row.vdc_agent_api_access === '1',
    functions: row.api_allowed_functions,
  }));
export type UserRights = z.infer<typeof UserRights>;
