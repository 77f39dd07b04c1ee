import { jsonText } from './json-text.ts';
import { readSpoken, withoutSpoken } from './spoken.ts';

/** What we use of an event, whatever shape it came in. Texts are empty where the payload says nothing. */
export interface EventPayload {
  /** `conversation_started`, `conversation_ended`, `conversation_analysed`, or what the platform calls it. */
  event: string;
  callId: string;
  isChat: boolean;
  /** The agent that spoke, by its id. */
  agent: string;
  /** Dynamic variables by snake_case name. */
  variables: Readonly<Record<string, string>>;
  /** When the event happened, ISO-8601; else when the call ended, else when it began. */
  at: string;
  /** Lower case, `-` as `_`. */
  status: string;
  terminationReason: string;
  durationSec: number | undefined;
  recordingUrl: string;
  /** When the conversation began, as far as the event tells: ISO-8601. */
  startedAt: string;
  /** As they are written. */
  numbers: { customer: string; own: string };
  /** What was spoken; empty where it does not come along. */
  transcript: string;
  /** Insights by snake_case name. */
  insights: Readonly<Record<string, string>>;
}

type Box = ReadonlyMap<string, unknown>;

const maxTextLength = 8000;
const maxEntries = 200;
const durationNames = ['duration', 'duration_sec', 'duration_seconds'];
const containers = ['data', 'call', 'conversation', 'payload'];
export const callEvents = ['conversation_started', 'conversation_ended', 'conversation_analysed'] as const;

/**
 * Reads an event in any of the platform's house styles: camelCase or snake_case, flat or nested, of any age. No payload
 * is documented, so every name is looked for at the top and inside `data`, `call`, `conversation` and `payload`. Null
 * when the body is no object.
 */
export function readPayload(body: unknown): EventPayload | null {
  const boxes = boxesOf(body);
  if (boxes.length === 0) return null;
  const text = (...names: string[]) => firstOf(boxes, names, toText);
  return {
    event: readEvent(boxes),
    callId: text('call_id', 'conversation_id') || idInCall(boxes),
    isChat: text('chat_id') !== '' || /^(chat|email|sms)$/.test(toCode(text('call_type', 'channel'))),
    agent: (text('agent_id') || agentInBox(boxes)).slice(0, 64),
    variables: withoutSpoken(toRecord(firstOf(boxes, ['dynamic_variables', 'variables'], asNamed))),
    at:
      firstOf(boxes, ['timestamp', 'event_timestamp', 'event_time'], toInstant) ||
      firstOf(boxes, ['end_time', 'start_time'], toInstant),
    status: toCode(text('status', 'call_status')),
    terminationReason: toCode(text('termination_reason', 'ended_reason')),
    durationSec: readDuration(text(...durationNames)),
    recordingUrl: firstOf(boxes, ['recording_url'], toUrl),
    transcript: firstOf(boxes, ['transcript'], readSpoken),
    startedAt: readStart(boxes),
    numbers: readNumbers(boxes),
    insights: withoutSpoken(readInsights(boxes)),
  };
}

/** `callId`, `Call-ID` and `call id` are all `call_id`. */
export function snakeName(name: string): string {
  return name
    .trim()
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

/** True for what an agent sends where it knows nothing: empty, `null`, an unfilled placeholder. */
export function isMissing(text: string): boolean {
  return /^(null|undefined|\{\{[^{}]*\}\})?$/i.test(text.trim());
}

/** A list of one is read as that one. */
function boxesOf(body: unknown): Box[] {
  const boxes: Box[] = [];
  const only = Array.isArray(body) && body.length === 1 ? body[0] : body;
  const queue: { value: unknown; depth: number }[] = [{ value: only, depth: 0 }];
  for (let item = queue.shift(); item; item = queue.shift()) {
    const box = asObject(item.value);
    if (!box) continue;
    boxes.push(box);
    if (item.depth < 2) for (const name of containers) queue.push({ value: box.get(name), depth: item.depth + 1 });
  }
  return boxes;
}

/** The first usable value: names in order of trust, each through all boxes from the outside in. */
function firstOf<T>(boxes: readonly Box[], names: readonly string[], read: (value: unknown) => T): T {
  for (const name of names) {
    for (const box of boxes) {
      const value = read(box.get(name));
      if (value) return value;
    }
  }
  return read(undefined);
}

/** A known event wins over another text under the same names: `type` may well mean something else further out. */
function readEvent(boxes: readonly Box[]): string {
  const names = ['event', 'event_type', 'type'];
  const known = (value: unknown) => {
    const event = canonicalEvent(value);
    return (callEvents as readonly string[]).includes(event) ? event : '';
  };
  return firstOf(boxes, names, known) || firstOf(boxes, names, canonicalEvent);
}

function canonicalEvent(value: unknown): string {
  const event = snakeName(toText(value)).slice(0, 60);
  return event === 'conversation_analyzed' ? 'conversation_analysed' : event;
}

/** An end tells its beginning by how long the conversation was. */
function readStart(boxes: readonly Box[]): string {
  const stated = firstOf(boxes, ['start_time', 'started_at', 'start_timestamp'], toInstant);
  if (stated) return stated;
  const at = firstOf(boxes, ['timestamp', 'event_timestamp', 'event_time'], toInstant);
  if (readEvent(boxes) === 'conversation_started') return at;
  const endedAt = firstOf(boxes, ['end_time', 'ended_at', 'end_timestamp'], toInstant);
  const seconds = readDuration(firstOf(boxes, durationNames, toText));
  return endedAt && seconds !== undefined ? instantAt(Date.parse(endedAt) - seconds * 1000) : '';
}

/** Of an inbound call the customer is who calls; one that does not say which it is came from a dialer, and is inbound too. */
function readNumbers(boxes: readonly Box[]): { customer: string; own: string } {
  const text = (...names: string[]) => firstOf(boxes, names, toText).slice(0, 40);
  const from = text('from_phone_number', 'from_number');
  const to = text('to_phone_number', 'to_number');
  const isOutbound = toCode(text('call_type', 'direction')) === 'outbound';
  const shown = text('sip_phone_number') || firstOf(boxes, ['phone_number'], sipNumber);
  return isOutbound ? { customer: to, own: from || shown } : { customer: from, own: to || shown };
}

function sipNumber(value: unknown): string {
  return toText(asObject(value)?.get('sip_phone_number')).slice(0, 40);
}

function idInCall(boxes: readonly Box[]): string {
  for (const box of boxes) {
    const id = toText(asObject(box.get('call'))?.get('id'));
    if (id) return id;
  }
  return '';
}

/** Some records hold the agent as an object of its own. */
function agentInBox(boxes: readonly Box[]): string {
  for (const box of boxes) {
    const agent = asObject(box.get('agent'));
    const id = toText(agent && firstIn(agent, ['agent_id', 'id']));
    if (id) return id;
  }
  return '';
}

function readInsights(boxes: readonly Box[]): Record<string, string> {
  const names = ['post_conversation_analysis', 'post_conversation_insights', 'insights', 'analysis'];
  return toRecord(firstOf(boxes, names, asNamed));
}

/** `{name: value}`, or `[{insightName, value}]` and its like; a text that holds such JSON is read too. */
function asNamed(value: unknown): Box | null {
  const list = typeof value === 'string' ? parsed(value) : value;
  if (!Array.isArray(list)) return asObject(list);
  const box = new Map<string, unknown>();
  for (const item of list.slice(0, maxEntries)) {
    const entry = asObject(item);
    const name = snakeName(toText(entry && firstIn(entry, ['insight_name', 'variable_name', 'name', 'key'])));
    const inner = entry && firstIn(entry, ['value', 'result']);
    if (name && toText(inner)) box.set(name, inner);
  }
  return box.size > 0 ? box : null;
}

function firstIn(box: Box, names: readonly string[]): unknown {
  for (const name of names) if (box.get(name) !== undefined && box.get(name) !== null) return box.get(name);
  return undefined;
}

function toRecord(box: Box | null): Record<string, string> {
  const pairs: [string, string][] = [];
  for (const [name, value] of box ?? []) {
    const text = toText(asObject(value)?.get('value') ?? value);
    if (name && !isMissing(text) && pairs.length < maxEntries) pairs.push([name, text]);
  }
  return Object.fromEntries(pairs);
}

/** An object with its names in snake_case; of two that become the same the first one counts. */
function asObject(given: unknown): Box | null {
  const value = typeof given === 'string' ? parsed(given) : given;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  const box = new Map<string, unknown>();
  for (const [name, inner] of Object.entries(value)) {
    const snake = snakeName(name);
    if (!box.has(snake)) box.set(snake, inner);
  }
  return box;
}

/** Some senders write JSON into a JSON text. */
function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value.trim().toWellFormed().slice(0, maxTextLength);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null || typeof value !== 'object') return '';
  return jsonText(value).slice(0, maxTextLength);
}

function toCode(text: string): string {
  return snakeName(text).slice(0, 60);
}

function readDuration(text: string): number | undefined {
  const seconds = text === '' ? Number.NaN : Number(text);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds) : undefined;
}

function toInstant(value: unknown): string {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^\d{9,14}$/.test(value));
  const ms = isNumber ? Number(value) * (Number(value) < 1e11 ? 1000 : 1) : Date.parse(toText(value));
  return instantAt(ms);
}

/** Years of four digits: only they sort as text. */
function instantAt(ms: number): string {
  return ms >= 0 && ms < 253_402_300_800_000 ? new Date(ms).toISOString() : '';
}

function toUrl(value: unknown): string {
  const text = toText(value);
  return /^https?:\/\/\S+$/.test(text) && text.length <= 2000 ? text : '';
}
