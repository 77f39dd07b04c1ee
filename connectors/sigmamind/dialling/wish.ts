import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../../src/domain/call.ts';
import { instantOf } from '../../../src/domain/clock.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import type { Lead } from '../../../src/domain/lead.ts';
import type { CampaignSchedule } from '../api/campaigns.ts';
import type { Dialler } from './dialler.ts';

/** Who calls whom, as what. */
export interface DialWish {
  /** What the leads are called for: each is called once under one name. */
  name: string;
  dialer: string;
  /** The dialer's campaign whose settings count; empty: the lead's own. */
  campaign: string;
  from: string;
  agentId: string;
}

type Options = Readonly<Record<string, unknown>>;

/** Options that every kind of dialling has. */
export function wishOptions(nameByDefault: string): { flags: string; summary: string }[] {
  return [
    {
      flags: '--name <name>',
      summary: `what it is for: under one name a lead is called once, ever (Default: ${nameByDefault})`,
    },
    { flags: '--from <number>', summary: 'number of SigmaMind that shows (Default: dialling.from)' },
    { flags: '--agent <id>', summary: 'agent that speaks (Default: dialling.agentId)' },
    { flags: '--as <campaign>', summary: "the dialer's campaign whose settings count (Default: the lead's own)" },
    { flags: '--dry-run', summary: 'only say who would be called' },
    { flags: '--watch', summary: 'stay, and tell what becomes of it' },
  ];
}

/** @throws ConnectorError `bad_request` when something is missing or can't be used */
export function readWish({ config, id }: Dialler, dialer: string, options: Options, name: string): DialWish {
  const from = textOf(options.from) || config.dialling.from || '';
  const agentId = textOf(options.agent) || config.dialling.agentId || '';
  if (!/^\+[1-9][0-9]{6,14}$/.test(from)) {
    throw bad(
      'the number that shows is missing or odd',
      `Give --from +15550100000, or set platforms.${id}.dialling.from.`,
    );
  }
  if (!agentId) throw bad('no agent is named', `Give --agent, or set platforms.${id}.dialling.agentId.`);
  return { name: readName(textOf(options.name) || name), dialer, campaign: textOf(options.as), from, agentId };
}

/** Names stay readable in the dashboard, and leave room for a number behind them. */
export function readName(name: string): string {
  if (/^[\p{L}\p{N}_][\p{L}\p{N} _.,:()#+-]{0,99}$/u.test(name)) return name;
  throw bad('that name can not be used', 'Take at most 100 letters, digits, blanks and . , : ( ) # + - _');
}

/** Null when nothing is scheduled. */
export function readSchedule(options: Options): CampaignSchedule | null {
  const [date, time, timeZone] = [textOf(options.date), textOf(options.time), textOf(options.zone)];
  if (!date && !time && !timeZone) return null;
  const schedule = { date, time, timeZone };
  if (/^\d{4}-\d\d-\d\d$/.test(date) && /^\d\d:\d\d$/.test(time) && startOf(schedule)) return schedule;
  throw bad('the schedule can not be read', 'Give --date 2026-12-01 --time 09:30 --zone America/New_York, all three.');
}

/** When the first call is placed. */
export function dialTime({ deps }: Dialler, schedule: CampaignSchedule | null): Instant {
  const now = instantOf(deps.clock);
  const start = schedule && startOf(schedule);
  return start && start > now ? start : now;
}

function startOf({ date, time, timeZone }: CampaignSchedule): Instant | null {
  try {
    const { epochMilliseconds } = Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(timeZone);
    return new Date(epochMilliseconds).toISOString();
  } catch {
    return null;
  }
}

/** The variables of one call: what the dialer's headers would carry, and what `dialling.variables` adds. */
export function callVariables(
  { config }: Dialler,
  lead: Lead,
  told: Readonly<Record<string, string>>,
): Record<string, string> {
  const variables: Record<string, string> = { ...told };
  for (const [name, field] of Object.entries(config.dialling.variables)) {
    const value = lead.fields[field];
    if (value && !(name in told)) variables[name] = value;
  }
  return variables;
}

export function textOf(option: unknown): string {
  return typeof option === 'string' ? option.trim() : '';
}

function bad(message: string, hint: string): ConnectorError {
  return new ConnectorError('bad_request', message, { hint });
}
