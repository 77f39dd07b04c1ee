import type { PlainRequest } from '../../../src/domain/connector.ts';
import { readPayload } from '../payload.ts';
import { findRules, type RuleFound } from './find-rules.ts';
import { shapeOf } from './shape-of.ts';
import { describeForm, isSuspect } from './signature-form.ts';

/** What a delivery looks like, without any value of it. */
export interface DeliveryDescription {
  /** Lower-case names of all headers, in order. */
  headers: readonly string[];
  /** How what may be a signature is written, by header name. */
  signatures: Readonly<Record<string, string>>;
  /** Names and types of the body, one line each, indented as they are nested. */
  body: readonly string[];
  /** What our reader found in it. */
  found: readonly string[];
  /** Rules by which one of the configured secrets has signed it. */
  rules: readonly RuleFound[];
}

export interface Described {
  secrets: readonly { name: string; value: string }[];
  /** Texts that must not show even where a sender uses them as a name. */
  hidden: readonly string[];
  nowMs: number;
}

/** Describes a delivery: names, types and forms, never a value. */
export function describeDelivery(request: PlainRequest, { secrets, hidden, nowMs }: Described): DeliveryDescription {
  const safe = (name: string) => safeName(name, hidden);
  const suspects = Object.entries(request.headers).filter(([name, value]) => isSuspect(name, value));
  const body = parse(request.body);
  return {
    headers: Object.keys(request.headers).map(safe).slice(0, 60),
    signatures: Object.fromEntries(suspects.map(([name, value]) => [safe(name), describeForm(value)])),
    body: shapeOf(body, safe),
    found: foundIn(body),
    rules: findRules(request, secrets, nowMs),
  };
}

/** A name that has many digits, is long, or is no name at all may be a value: it is not shown. */
function safeName(name: string, hidden: readonly string[]): string {
  const isPlain =
    /^[A-Za-z_][A-Za-z0-9_ .:-]{0,39}$/.test(name) && !/\d{4,}/.test(name) && !/[A-Za-z0-9]{25,}/.test(name);
  return isPlain && !hidden.some((text) => name.includes(text)) ? name : '(a name that may be a value)';
}

function foundIn(body: unknown): string[] {
  const payload = readPayload(body);
  if (!payload) return [];
  const { event, callId, isChat, variables, at, startedAt, status, numbers, insights, durationSec } = payload;
  const marks: Record<string, boolean> = {
    event: event !== '',
    'call id': callId !== '',
    'a chat': isChat,
    variables: Object.keys(variables).length > 0,
    'our correlation ID': Boolean(variables.correlation_id),
    time: at !== '',
    'beginning of the conversation': startedAt !== '',
    status: status !== '',
    "customer's number": numbers.customer !== '',
    'number of the AI': numbers.own !== '',
    duration: durationSec !== undefined,
    recording: payload.recordingUrl !== '',
    'termination reason': payload.terminationReason !== '',
    insights: Object.keys(insights).length > 0,
  };
  return Object.keys(marks).filter((name) => marks[name]);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
