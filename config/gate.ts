import { z } from 'zod';
import { safeCode } from '../src/domain/answer-keys.ts';
import { type GateReason, gateReasons } from '../src/domain/gate.ts';
import { regions } from '../src/domain/places/regions.ts';
import { weekHours } from '../src/domain/week-hours.ts';

const hoursFault = 'must be spans for weekday, Saturday, Sunday and holiday, such as "09:00-20:00, 10:00-17:00, none"';
const RouteName = z.string().regex(safeCode, 'must be letters, digits, blanks and _ . , : ; + @ / -');

/** The customer may be spoken to, only not by the AI. */
const routesByDefault: Readonly<Partial<Record<GateReason, string>>> = { ai_unwell: 'skill', no_capacity: 'skill' };

const HoursConfig = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether they are asked for. A campaign may say otherwise.'),
    standard: z
      .string()
      .refine(isHours, hoursFault)
      .default('08:00-21:00')
      .describe(
        "The customer's local hours: weekday, Saturday, Sunday, holiday; what is left out is as the day before it.",
      ),
    regions: z
      .record(
        z.string().refine((region) => Object.hasOwn(regions, region), 'must be the code of a state or province: TX'),
        z.string().refine((text) => text === 'standard' || isHours(text), hoursFault),
      )
      .default({})
      .describe('Hours of a state or province by its code, in place of those that ship; standard: as all others.'),
    holidays: z
      .array(z.iso.date('must be a day such as 2026-02-17'))
      .default([])
      .describe("Holidays besides the federal ones, for states whose hours know holidays: '2026-02-17'."),
    zonesIfUnknown: z
      .array(z.string().refine(isTimeZone, 'must be a time zone such as America/New_York'))
      .default(['America/New_York', 'Pacific/Honolulu'])
      .describe('Zones that must all allow a call when nothing tells where the customer is; none: it is allowed.'),
  })
  .prefault({})
  .describe('Calling hours.');

const ScrubConfig = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/, error: 'must be a URL that begins with https:// or http://' })
      .refine(hasPlainHost, 'may have {number} in its path and query only')
      .refine((url) => !URL.parse(url)?.username, 'must have no user in it: a log-in is a header')
      .describe('Its address; {number} stands for the number. Nothing else is asked, and no redirect is followed.'),
    method: z.enum(['GET', 'POST']).default('GET').describe('GET or POST.'),
    numberFormat: z
      .enum(['e164', 'digits', 'national'])
      .default('e164')
      .describe('How the number is written: +12125550100, 12125550100, or 2125550100.'),
    bodyField: z
      .string()
      .min(1)
      .optional()
      .describe('Key of the number in the JSON body of a POST. (Default: it is in the address only)'),
    header: z
      .strictObject({
        name: z
          .string()
          .regex(/^[A-Za-z0-9-]{1,60}$/, 'must be the name of a header')
          .describe('Name, such as Authorization.'),
        value: z.string().min(1).meta({ secret: true }).describe('Value, such as a key.'),
      })
      .optional()
      .describe('A header that proves who asks.'),
    timeoutMs: z.int().min(20).max(3000).default(300).describe('Longest wait while a customer is on the line.'),
    onFailure: z
      .enum(['open', 'closed'])
      .default('closed')
      .describe('What a call does when no answer can be had: goes on (open), or is refused (closed).'),
    blockedWhen: z
      .strictObject({
        statuses: z.array(z.int().min(200).max(599)).default([]).describe('HTTP statuses that mean no.'),
        cleanStatuses: z
          .array(z.int().min(200).max(599))
          .default([])
          .describe('Statuses besides 2xx that mean yes, such as 404 of a list that lacks the number.'),
        path: z.string().min(1).optional().describe('Where the answer stands in the JSON: keys and numbers, by dots.'),
        values: z.array(z.string()).default([]).describe('Values there that mean no, as text: true, Y.'),
        cleanValues: z
          .array(z.string())
          .default([])
          .describe('Values there that mean yes; any other is a failure then. (Default: all that do not mean no)'),
      })
      .refine(
        ({ statuses, path, values }) => (path ? values.length > 0 : statuses.length > 0),
        'must have statuses, or path and values',
      )
      .describe('What answer blocks a call.'),
    cacheMinutes: z.int().min(0).max(44_640).default(1440).describe('How long an answer is good for.'),
  })
  .refine(
    ({ url, method, bodyField }) => url.includes('{number}') || (method === 'POST' && bodyField !== undefined),
    'must send the number: {number} in url, or method POST with bodyField',
  )
  .describe('A service that knows which numbers must not be called. (Default: none)');

const CapacityConfig = z
  .strictObject({
    waitMs: z
      .int()
      .min(0)
      .max(3000)
      .default(0)
      .describe("How long a call waits on the line for a slot, within half of register's budget."),
    longestCallMin: z
      .int()
      .min(1)
      .max(240)
      .default(30)
      .describe('So long at most a call of which nobody tells the end holds its slot, in minutes.'),
  })
  .prefault({})
  .describe('How calls are held to what a platform takes at once: its `concurrency`. See docs/capacity.md.');

const PausedRoute = RouteName.default('ai').describe(
  'What a script shall do while people in charge have paused all write-backs of the campaign: ai (its outcome is kept), skill.',
);

function refusedRoute(reason: GateReason) {
  return RouteName.default(routesByDefault[reason] ?? 'hangup').describe(
    `What a script shall do when the reason is ${reason}: hangup, skill.`,
  );
}

/** What is asked of a call before the AI gets it. */
export const GateConfig = z
  .strictObject({
    hours: HoursConfig,
    scrub: ScrubConfig.optional(),
    capacity: CapacityConfig,
    routes: z
      .strictObject(
        Object.fromEntries(
          gateReasons.map((reason) => [reason, reason === 'paused' ? PausedRoute : refusedRoute(reason)]),
        ) as Record<(typeof gateReasons)[number], z.ZodDefault<typeof RouteName>>,
      )
      .prefault({})
      .describe('What becomes of a call that does not pass.'),
  })
  .prefault({})
  .describe('What is asked of a call before the AI gets it, besides that the customer has not opted out.');
export type GateConfig = z.infer<typeof GateConfig>;

function isHours(text: string): boolean {
  try {
    return weekHours(text) !== undefined;
  } catch {
    return false;
  }
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A number never decides which machine is asked. */
function hasPlainHost(url: string): boolean {
  const [one, other] = ['1', '2'].map((number) => URL.parse(url.replaceAll('{number}', number))?.origin);
  return one !== undefined && one === other;
}
