import { validate as isCron } from 'node-cron';
import { z } from 'zod';
import { TimeZone } from '../time-zone.ts';
import { isTimePattern, timePatterns } from './time-patterns.ts';

const Name = z.string().min(1);

/** What Five9 sets by itself when nobody dispositions a call. The list is not complete: others have been seen. */
const systemDispositions = [
  ...['No Disposition', 'Abandon', 'Caller Disconnected', 'Sent To Voicemail', 'Transferred To 3rd Party'],
  ...['Answering Machine', 'Busy', 'Dial Error', 'Fax', 'Hardware Timeout', 'No Answer', 'No Response From Caller'],
  ...['Operator Intercept', 'Queue Callback Timeout', 'System Error', 'System Shutdown', 'Voicemail Dump'],
];

const whatReportsWrite = {
  timePatterns: z
    .array(z.string().refine(isTimePattern, 'must be a pattern such as yyyy-MM-dd HH:mm:ss'))
    .min(1)
    .default(timePatterns)
    .describe('How the report writes times; the first that fits counts.'),
  timeZone: TimeZone.optional().describe('Time zone of the times in the report. (Default: soap.dataCentreTimeZone)'),
};

const LeadReportConfig = z.strictObject({
  folder: Name.describe('Folder of the saved report.'),
  name: Name.describe('Its name. One row per contact, with the key field and the numbers.'),
  columns: z
    .record(Name, Name)
    .default({})
    .describe('Header of the report → contact field, where they differ by more than case, blanks and _.'),
  byLastModified: z
    .boolean()
    .default(false)
    .describe("Whether the report's time criteria mean the last modification: then only what changed is read."),
  overlapMinutes: z
    .int()
    .min(61)
    .max(10_080)
    .default(90)
    .describe(
      'How far a read of what changed reaches back before the last one: more than the hour that autumn repeats.',
    ),
  firstDay: z.iso.date().default('2010-01-01').describe('Where the time criteria of a read of everything begin.'),
  ...whatReportsWrite,
});
export type LeadReportConfig = z.infer<typeof LeadReportConfig>;

/** How leads are read. */
export const SyncConfig = z.strictObject({
  report: LeadReportConfig.optional().describe('A saved report to read leads from. (Default: by sync.partitions)'),
  partitions: z
    .array(
      z.strictObject({
        field: Name.describe('Contact field to look up by.'),
        values: z.array(Name).min(1).describe('One read per value; each must match fewer than 1,000.'),
      }),
    )
    .default([])
    .describe('Five9 gives at most 1,000 contacts per lookup, without paging: parts that are each smaller.'),
  leadFields: z
    .record(Name, Name)
    .default({})
    .describe('Contact field → name of the lead field, where the name differs. (zip → postal_code is built in)'),
});

/** How reports are waited for. */
export const ReportsConfig = z.strictObject({
  rowCap: z.int().min(2).max(50_000).default(50_000).describe('Rows that Five9 gives of one report at most.'),
  maxMinutes: z.int().min(1).max(240).default(10).describe('After so long a report is asked for again, in halves.'),
  pollSec: z.int().min(5).max(50).default(5).describe('Pause between two questions whether a report is ready.'),
});

/** How the call log is read and compared. */
export const CallLogConfig = z.strictObject({
  cron: z
    .string()
    .refine(isCron, 'must be a cron expression')
    .optional()
    .describe("When it is read, as cron's five fields, by the domain's clock. (Default: by the command only)"),
  folder: Name.default('Call Log Reports').describe('Folder of the report.'),
  report: Name.default('Call Log').describe('Its name; best a copy of your own, which nobody else changes.'),
  columns: z
    .strictObject({
      callId: Name.default('CALL ID').describe('Id of the call.'),
      timestamp: Name.default('TIMESTAMP').describe('When it began.'),
      campaign: Name.default('CAMPAIGN').describe('Its campaign.'),
      agent: Name.default('AGENT').describe('The agent who had it.'),
      disposition: Name.default('DISPOSITION').describe('Its disposition.'),
      callTime: Name.default('CALL TIME').describe('How long it took, HH:MM:SS; the column may be missing.'),
    })
    .prefault({})
    .describe('Headers of the report; case does not matter.'),
  noAgent: z
    .array(z.string())
    .default(['[None]', 'None'])
    .describe('What the agent column holds when no person had the call; empty always counts so.'),
  systemDispositions: z
    .array(Name)
    .default(systemDispositions)
    .describe("Dispositions that Five9 sets by itself: never an agent's word."),
  firstHours: z.int().min(1).max(744).default(24).describe('How far back the first reading goes.'),
  overlapMinutes: z
    .int()
    .min(61)
    .max(10_080)
    .default(180)
    .describe('How far each later reading reaches back: calls are long, and agents disposition late.'),
  ...whatReportsWrite,
});
