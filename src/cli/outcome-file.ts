import { z } from 'zod';
import { faultsOfIssue } from '../../config/issue-faults.ts';
import { ConnectorError, messageOf } from '../domain/errors.ts';
import { type FactBody, registeredVia, type StoredFact } from '../domain/fact.ts';
import type { Platform, PlatformReading } from '../domain/platform.ts';
import { aspects } from '../domain/write-back.ts';

/** What a file tells of one call. */
export interface FileReading {
  facts: StoredFact[];
  /** How the platform's deliveries in it were read. */
  readings: PlatformReading[];
}

const Text = z.string().default('');
const Fields = z.record(z.string(), z.string()).default({});
const Instant = z.iso.datetime();
const Leg = z.object({
  ...{ dialer: z.string(), callKey: Text, campaign: Text, list: Text, leadKey: Text },
  ...{ number: Text, phone: Text, agent: Text, calledAt: Instant },
});

/** The facts that an outcome can rest on, as `facts` holds them. */
const Body = z.discriminatedUnion('kind', [
  z.object({
    ...{ kind: z.literal('registered'), leg: Leg, via: z.enum(registeredVia).default('register') },
    ...{ route: Text, reason: Text, fields: Fields },
    shadow: z.array(z.string()).exactOptional(),
  }),
  z.object({
    ...{ kind: z.literal('committed'), outcome: z.string(), summary: Text, fields: Fields },
    callbackAt: Instant.exactOptional(),
  }),
  z.object({ kind: z.literal('ended'), outcome: z.string(), reason: Text, recordingUrl: z.string().exactOptional() }),
  z.object({
    ...{ kind: z.literal('analysed'), outcome: z.string().exactOptional(), summary: Text, fields: Fields },
    ...{ callbackAt: Instant.exactOptional(), recordingUrl: z.string().exactOptional() },
  }),
  z.object({
    ...{ kind: z.literal('dispositioned'), dialer: z.string(), disposition: Text, by: Text },
    outcome: z.string().exactOptional(),
  }),
  z.object({
    ...{ kind: z.literal('corrected'), outcome: z.string(), by: Text, why: Text },
    callbackAt: Instant.exactOptional(),
  }),
  z.object({ kind: z.literal('opt-out-undone'), by: Text, why: Text }),
  z.object({ kind: z.literal('released'), dialer: z.string(), aspect: z.enum(aspects), by: Text }),
  z.object({ kind: z.literal('silent'), why: Text }),
  z.object({ kind: z.literal('erased'), by: Text }),
  z.object({
    ...{ kind: z.literal('steered'), dialer: z.string(), act: z.enum(['transfer', 'hang-up']), to: Text },
    ...{ result: z.enum(['done', 'over', 'refused', 'shadow']), why: Text, commit: Text },
  }),
]);
/** Facts that say nothing of the outcome: in a file that `calls show --json` wrote they stand beside the others. */
const aside: readonly unknown[] = ['started', 'matched', 'leg-record', 'noted', 'handed-over'];

const FactInFile = z.object({
  source: z.string().default('file').describe('Who told it: an instance, or file.'),
  key: z.string().optional().describe('Tells it from others of the source.'),
  at: Instant.optional().describe('When, as in 2026-11-21T12:00:00Z.'),
  body: Body.describe('What was told, as `npx patchbay calls show ID --json` writes it.'),
});

/**
 * Reads what somebody saved of one call: a delivery of the platform, the insights of a call, our facts, or a list of such.
 * Throws a ConnectorError (bad_request) that says what to mend.
 *
 * @param now the time of whatever tells none
 */
export function readFacts(value: unknown, platform: Pick<Platform, 'explain'>, now: string): FileReading {
  const read: FileReading = { facts: [], readings: [] };
  for (const [index, item] of itemsIn(value).entries()) {
    const key = String(index).padStart(4, '0');
    if (isFact(item)) {
      if (aside.includes(item.body.kind)) continue;
      const { source, key: own = key, at = now, body } = factIn(item, index);
      read.facts.push({ correlationId: '', source, key: own, at, receivedAt: at, body });
      continue;
    }
    const reading = platform.explain?.(item);
    if (!reading) throw badFile('the platform can not explain what it sends', 'Give facts of Patchbay instead.');
    read.readings.push(reading);
    const at = reading.at || now;
    read.facts.push({ correlationId: '', source: 'platform', key, at, receivedAt: at, body: reading.body });
  }
  return read;
}

/** The insights of one call are a list of their own in the platform's style. */
function itemsIn(value: unknown): readonly unknown[] {
  const whole = isObject(value) && Array.isArray(value.facts) ? value.facts : value;
  if (!Array.isArray(whole)) return [whole];
  const isInsights = whole.length > 0 && whole.every((item) => isObject(item) && !isFact(item) && 'value' in item);
  if (whole.length === 0) throw badFile('the list is empty', 'Put at least one delivery, analysis or fact into it.');
  return isInsights ? [whole] : whole;
}

function isFact(item: unknown): item is { body: { kind: unknown } } {
  return isObject(item) && isObject(item.body) && 'kind' in item.body;
}

function factIn(
  item: unknown,
  index: number,
): { source: string; key?: string | undefined; at?: string | undefined; body: FactBody } {
  // Own words only: zod's are no operator's.
  const read = FactInFile.safeParse(item, { error: () => '' });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const [fault] = issue ? faultsOfIssue(issue, FactInFile, item) : [];
  const place = [`fact ${index + 1}`, ...(fault?.path ?? []).map(String)].join('.');
  throw badFile(`${place} ${fault?.what ?? 'can not be read'}`, `Mend it in the file. ${fault?.fix ?? ''}`.trim());
}

/** @param file only its name is told */
export function parseFile(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badFile(`${file} is no JSON: ${messageOf(error)}`, 'Save the body of a delivery as it came.');
  }
}

export function badFile(message: string, hint: string): ConnectorError {
  return new ConnectorError('bad_request', message, { hint });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
