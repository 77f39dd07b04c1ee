import { z } from 'zod';
import { leadMarks } from '../src/domain/person-marks.ts';

const FieldName = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'must be the name of a lead field such as first_name');

const findLead = z
  .strictObject({
    fields: z
      .array(FieldName)
      .max(10)
      .default(['first_name', 'city', 'state'])
      .describe('Lead fields that the agent may be told, and no others.'),
    by: z
      .array(z.enum(leadMarks))
      .default(['call', 'phone', 'postal_code'])
      .describe(
        "What tells who the customer is: the call itself, a number, a postal code with the last name, the dialer's lead ID.",
      ),
  })
  .prefault({})
  .describe('The tool find-lead.');

const scheduleCallback = z
  .strictObject({
    maxDays: z
      .int()
      .min(1)
      .max(365)
      .default(30)
      .describe('How far ahead a callback may be, in days; no more than the dialers take.'),
    leastMinutes: z.int().min(0).max(1440).default(5).describe('How soon it may be, in minutes.'),
    offers: z.int().min(1).max(5).default(3).describe('How many free times are offered when none was named.'),
  })
  .prefault({})
  .describe('The tool schedule-callback.');

export const ToolsConfig = z
  .strictObject({ findLead, scheduleCallback })
  .prefault({})
  .describe("What the AI agent's tools may do.");
