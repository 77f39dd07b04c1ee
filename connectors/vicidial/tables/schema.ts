import { z } from 'zod';

/** The database gives every value as text, or NULL. */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
/** Zero dates and NULLs are normal; they count as nothing. */
const date = text.transform((value) => (value.startsWith('0000') ? '' : value));
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

export const AlternatePhone = z.object({ lead_id: leadKey, phone_code: text, phone_number: text });
export type AlternatePhone = z.infer<typeof AlternatePhone>;

/** A row of vicidial_log. Epochs are UTC seconds; 0 when not set. */
export const LogRow = z.object({
  uniqueid: z.string().min(1),
  campaign_id: text,
  status: text,
  user: text,
  start_epoch: whole,
  end_epoch: whole,
});
export type LogRow = z.infer<typeof LogRow>;

export const LiveCall = z.object({ callerid: text, campaign_id: text });
export type LiveCall = z.infer<typeof LiveCall>;

export const UniqueId = z.object({ uniqueid: z.string().min(1) });

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

export const LiveLine = z.object({ user: z.string().min(1), updated: whole });
export type LiveLine = z.infer<typeof LiveLine>;

export const StatusRow = z.object({ status: z.string().min(1), campaign_id: text });
export type StatusRow = z.infer<typeof StatusRow>;

export const ListRow = z.object({ list_id: z.string().regex(/^\d+$/) });
export const FieldLabel = z.object({ field_label: z.string().regex(/^[A-Za-z0-9_]{1,50}$/) });
export const CustomRow = z.looseObject({ lead_id: leadKey });
export const PhoneRow = z.object({ phone_number: z.string().min(1) });

function isDate(name: string): boolean {
  return name === 'date_of_birth' || name === 'last_local_call_time';
}
