import { z } from 'zod';
import { filled } from '../../shared/read-as.ts';

/** The database gives every value as text, or NULL. */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
/** Zero dates, also those with a zero month or day only, and NULLs are normal; they count as nothing. */
export const zeroDate = /^0000|^\d{4}-00|^\d{4}-\d{2}-00/;
const date = text.transform((value) => (zeroDate.test(value) ? '' : value));
const whole = text.transform((value) => Math.trunc(Number(value)) || 0);
const leadKey = z.string().regex(/^[1-9]\d*$/);

/** Columns of vicidial_list that go into a lead's fields under their own names. */
export const leadFieldNames = [
  'title',
  'first_name',
  'middle_initial',
  'last_name',
  'address1',
  'address2',
  'address3',
  'city',
  'state',
  'province',
  'postal_code',
  'country_code',
  'gender',
  'date_of_birth',
  'email',
  'security_phrase',
  'comments',
  'vendor_lead_code',
  'source_id',
  'rank',
  'owner',
  'gmt_offset_now',
  'called_count',
  'last_local_call_time',
] as const;

/** One row of vicidial_list, joined with its list. */
export const LeadRow = z.object({
  lead_id: leadKey,
  list_id: text,
  entry_list_id: whole,
  campaign_id: text,
  status: text,
  user: text,
  phone_code: text,
  phone_number: text,
  alt_phone: text,
  modified: whole,
  ...(Object.fromEntries(leadFieldNames.map((name) => [name, isDate(name) ? date : text])) as Record<
    (typeof leadFieldNames)[number],
    typeof text
  >),
});
export type LeadRow = z.infer<typeof LeadRow>;

/** `rank` is a reserved word of MySQL 8; TIMESTAMP columns depend on the session's zone unless asked for as epoch. */
export const leadColumns = [
  ...['lead_id', 'list_id', 'entry_list_id', 'status', 'user', 'phone_code', 'phone_number', 'alt_phone'],
  ...leadFieldNames,
]
  .map((name) => `l.\`${name}\``)
  .concat('UNIX_TIMESTAMP(l.modify_date) AS modified', 's.campaign_id')
  .join(', ');

export const leadTables = 'vicidial_list l LEFT JOIN vicidial_lists s ON s.list_id = l.list_id';

export const AlternatePhone = z.object({
  lead_id: leadKey,
  phone_code: text,
  phone_number: text,
  alt_phone_count: whole,
});
export type AlternatePhone = z.infer<typeof AlternatePhone>;

/** A row of vicidial_log or vicidial_closer_log. Epochs are UTC seconds; 0 when not set. */
export const LogRow = z.object({
  uniqueid: filled,
  campaign_id: text,
  status: text,
  user: text,
  start_epoch: whole,
  end_epoch: whole,
  length_in_sec: whole,
});
export type LogRow = z.infer<typeof LogRow>;

export const LiveCall = z.object({ callerid: text, campaign_id: text });
export type LiveCall = z.infer<typeof LiveCall>;

/** A row of vicidial_auto_calls. `campaign_id` is the in-group of an inbound call; `call_time` the server's wall time. */
export const LiveRow = z.object({
  callerid: filled,
  lead_id: leadKey,
  uniqueid: text,
  campaign_id: text,
  phone_code: text,
  phone_number: text,
  call_time: date,
  status: text,
});
export type LiveRow = z.infer<typeof LiveRow>;

/** One moment on the dialer's wall clock and in UTC seconds. */
export const ClockSample = z.object({
  call_date: z.string().regex(/^[12]\d{3}-/),
  start_epoch: whole.pipe(z.int().min(1)),
});
export type ClockSample = z.infer<typeof ClockSample>;

export const ServerRow = z.object({ server_ip: text, local_gmt: text });
export type ServerRow = z.infer<typeof ServerRow>;

export const TableName = z.object({ name: z.string() });

/** A row of the hopper or of the live calls: a lead that is about to talk. */
export const UpcomingLead = z.object({ lead_id: leadKey, campaign_id: text });
export type UpcomingLead = z.infer<typeof UpcomingLead>;

export const UniqueId = z.object({ uniqueid: filled });

export const Callback = z.object({
  callback_time: date,
  campaign_id: text,
  /** ACTIVE until it is due, LIVE then, INACTIVE or DEAD afterwards. */
  status: text,
  user: text,
});
export type Callback = z.infer<typeof Callback>;

export const RemoteAgent = z.object({ user_start: text, number_of_lines: whole, status: text });
export type RemoteAgent = z.infer<typeof RemoteAgent>;

/** A remote agent's line; `callerid` is the code of the call that it has, empty when it has none. */
export const LiveLine = z.object({ user: filled, callerid: text, updated: whole });
export type LiveLine = z.infer<typeof LiveLine>;

/** What a site says of a status; older releases lack some of these columns. */
export const statusFlags = [
  'selectable',
  'human_answered',
  'sale',
  'dnc',
  'customer_contact',
  'not_interested',
  'unworkable',
  'scheduled_callback',
  'completed',
  'answering_machine',
] as const;
export type StatusFlag = (typeof statusFlags)[number];

const flag = text.transform((value) => value === 'Y');
/** A status of the whole system (`campaign_id` is empty) or of one campaign. */
export const StatusRow = z.object({
  status: filled,
  status_name: text,
  campaign_id: text,
  ...(Object.fromEntries(statusFlags.map((name) => [name, flag])) as Record<StatusFlag, typeof flag>),
});
export type StatusRow = z.infer<typeof StatusRow>;

/** `dial_statuses` lies there as ` NEW DROP -`. */
export const CampaignRow = z.object({
  campaign_id: filled,
  dial_statuses: text.transform((value) => value.split(' ').filter((status) => status !== '' && status !== '-')),
});
export type CampaignRow = z.infer<typeof CampaignRow>;

/** Y or AREACODE: the campaign heeds the list. */
const heeded = z.nullish(z.string()).transform((value) => value === 'Y' || value === 'AREACODE');
export const DncUseRow = z.object({
  campaign_id: filled,
  use_internal_dnc: heeded,
  use_campaign_dnc: heeded,
});
export const InGroupRow = z.object({ group_id: filled });

/** A custom field of a list. `field_max` is the length of a text; of an area it is its height. */
export const FieldDefinition = z.object({
  field_label: filled,
  field_type: text,
  field_max: whole,
  field_encrypt: flag,
});
export type FieldDefinition = z.infer<typeof FieldDefinition>;

export const ListRow = z.object({ list_id: z.string().regex(/^\d+$/) });
export const FieldLabel = z.object({ field_label: z.string().regex(/^[A-Za-z0-9_]{1,50}$/) });
export const CustomRow = z.looseObject({ lead_id: leadKey });
export const PhoneRow = z.object({ phone_number: filled });

function isDate(name: string): boolean {
  return name === 'date_of_birth' || name === 'last_local_call_time';
}
