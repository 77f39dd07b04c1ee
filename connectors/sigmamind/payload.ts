/** What we use of an event, whatever shape it came in. Texts are empty where the payload says nothing. */
export interface EventPayload {
  /** `conversation_started`, `conversation_ended`, `conversation_analysed`, or what the platform calls it. */
  event: string;
  callId: string;
  isChat: boolean;
  /** Dynamic variables by snake_case name. */
  variables: Readonly<Record<string, string>>;
  /** When the event happened, ISO-8601; else when the call ended, else when it began. */
  at: string;
  /** Lower case, `-` as `_`. */
  status: string;
  terminationReason: string;
  durationSec: number | undefined;
  recordingUrl: string;
  /** Insights by snake_case name. */
  insights: Readonly<Record<string, string>>;
}

type Box = ReadonlyMap<string, unknown>;

const maxTextLength = 8000;
const maxEntries = 200;
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
    variables: toRecord(firstOf(boxes, ['dynamic_variables', 'variables'], asObject)),
    at:
      firstOf(boxes, ['timestamp', 'event_timestamp', 'event_time'], toInstant) ||
      firstOf(boxes, ['end_time', 'start_time'], toInstant),
    status: toCode(text('status', 'call_status')),
    terminationReason: toCode(text('termination_reason', 'ended_reason')),
    durationSec: readDuration(text('duration', 'duration_sec', 'duration_seconds')),
    recordingUrl: firstOf(boxes, ['recording_url'], toUrl),
    insights: readInsights(boxes),
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
  return /^\s*(null|undefined|\{\{[^{}]*\}\})?\s*$/i.test(text);
}

function boxesOf(body: unknown): Box[] {
  const boxes: Box[] = [];
  const queue: { value: unknown; depth: number }[] = [{ value: body, depth: 0 }];
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

function idInCall(boxes: readonly Box[]): string {
  for (const box of boxes) {
    const id = toText(asObject(box.get('call'))?.get('id'));
    if (id) return id;
  }
  return '';
}

/** `[{insightName, value}]` or `{name: value}`. */
function readInsights(boxes: readonly Box[]): Record<string, string> {
  const names = ['post_conversation_analysis', 'post_conversation_insights', 'insights', 'analysis'];
  const value = firstOf(boxes, names, (found) => (Array.isArray(found) ? found : asObject(found)));
  if (!Array.isArray(value)) return toRecord(value);
  const pairs: [string, string][] = [];
  for (const item of value.slice(0, maxEntries)) {
    const insight = asObject(item);
    const name = snakeName(toText(insight?.get('insight_name') ?? insight?.get('name') ?? insight?.get('key')));
    const text = toText(insight?.get('value') ?? insight?.get('result'));
    if (name && text) pairs.push([name, text]);
  }
  return Object.fromEntries(pairs);
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
function asObject(value: unknown): Box | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  const box = new Map<string, unknown>();
  for (const [name, inner] of Object.entries(value)) {
    const snake = snakeName(name);
    if (!box.has(snake)) box.set(snake, inner);
  }
  return box;
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value.trim().toWellFormed().slice(0, maxTextLength);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null || typeof value !== 'object') return '';
  try {
    return JSON.stringify(value).slice(0, maxTextLength);
  } catch {
    // Nested deeper than the stack: nobody means that.
    return '';
  }
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
  return Number.isFinite(ms) && Math.abs(ms) < 8e15 ? new Date(ms).toISOString() : '';
}

function toUrl(value: unknown): string {
  const text = toText(value);
  return /^https?:\/\/\S+$/.test(text) && text.length <= 2000 ? text : '';
}
