import { LRUCache } from 'lru-cache';
import type { Clock } from '../../domain/clock.ts';
import { instantOf } from '../../domain/clock.ts';
import { messageOf } from '../../domain/errors.ts';

/** A foreign service that knows which numbers must not be called. */
export interface ScrubSettings {
  /** `{number}` stands for the number. Nothing else is ever asked. */
  url: string;
  method: 'GET' | 'POST';
  numberFormat: 'e164' | 'digits' | 'national';
  /** Key of the number in the JSON body. */
  bodyField?: string | undefined;
  header?: { name: string; value: string } | undefined;
  timeoutMs: number;
  /** What a failure means for a call. */
  onFailure: 'open' | 'closed';
  blockedWhen: {
    statuses: readonly number[];
    /** Besides 2xx. */
    cleanStatuses: readonly number[];
    path?: string | undefined;
    values: readonly string[];
    cleanValues: readonly string[];
  };
  cacheMinutes: number;
}

export interface ScrubAnswer {
  kind: 'clean' | 'blocked' | 'failed';
  /** When the service said so. */
  at: string;
  /** What it said, or why it said nothing: free of personal data. */
  why: string;
}

export interface ScrubService {
  onFailure: 'open' | 'closed';
  timeoutMs: number;
  /** @param phone E.164. Never rejects; waits so many ms at most, a later answer is kept for the next who asks. */
  ask(phone: string, budgetMs: number): Promise<ScrubAnswer & { isRemembered: boolean }>;
}

const mostAnswerBytes = 65_536;

/** Answers are kept for as long as the settings say; failures are not. Who asks while a number is asked about waits along. */
export function createScrubService(settings: ScrubSettings, clock: Clock): ScrubService {
  const kept = new LRUCache<string, ScrubAnswer>({ max: 50_000 });
  const running = new Map<string, Promise<ScrubAnswer>>();

  function start(phone: string): Promise<ScrubAnswer> {
    const asked = request(settings, phone)
      .catch((error: unknown) => ({ kind: 'failed', why: failureOf(error, settings.timeoutMs) }) as const)
      .then((said) => {
        const answer = { ...said, at: instantOf(clock) };
        if (answer.kind !== 'failed') kept.set(phone, answer);
        running.delete(phone);
        return answer;
      });
    running.set(phone, asked);
    return asked;
  }

  return {
    onFailure: settings.onFailure,
    timeoutMs: settings.timeoutMs,
    async ask(phone, budgetMs) {
      const known = kept.get(phone);
      if (known && Date.parse(known.at) + settings.cacheMinutes * 60_000 > clock.now()) {
        return { ...known, isRemembered: true };
      }
      const waitMs = Math.max(1, Math.floor(Math.min(budgetMs, settings.timeoutMs)));
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<ScrubAnswer>((resolve) => {
        const why = `no answer within ${waitMs} ms`;
        timer = setTimeout(() => resolve({ kind: 'failed', at: instantOf(clock), why }), waitMs);
      });
      const answer = await Promise.race([running.get(phone) ?? start(phone), late]);
      clearTimeout(timer);
      return { ...answer, isRemembered: false };
    },
  };
}

type Said = Pick<ScrubAnswer, 'kind' | 'why'>;

async function request(settings: ScrubSettings, phone: string): Promise<Said> {
  const number = writeNumber(phone, settings.numberFormat);
  const { bodyField, header, method, timeoutMs } = settings;
  const hasBody = method === 'POST' && bodyField !== undefined;
  const response = await fetch(settings.url.replaceAll('{number}', encodeURIComponent(number)), {
    method,
    // A redirect could lead anywhere, with the key in the header.
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      accept: 'application/json',
      ...(hasBody && { 'content-type': 'application/json' }),
      ...(header && { [header.name]: header.value }),
    },
    ...(hasBody && { body: JSON.stringify({ [bodyField]: number }) }),
  });
  return judge(settings, response);
}

async function judge({ blockedWhen }: ScrubSettings, response: Response): Promise<Said> {
  const { statuses, cleanStatuses, path, values, cleanValues } = blockedWhen;
  const status = `HTTP ${response.status}`;
  const isBlocked = statuses.includes(response.status);
  const isClean = cleanStatuses.includes(response.status) || (response.ok && !path);
  if (isBlocked || isClean || !response.ok || !path) {
    await response.body?.cancel();
    return { kind: isBlocked ? 'blocked' : isClean ? 'clean' : 'failed', why: status };
  }
  const text = await readAll(response);
  const value = text === null ? undefined : valueAt(text, path);
  if (value === undefined) return { kind: 'failed', why: `${status} without ${path}` };
  if (values.includes(value)) return { kind: 'blocked', why: status };
  if (cleanValues.length === 0 || cleanValues.includes(value)) return { kind: 'clean', why: status };
  return { kind: 'failed', why: `${status} with an unknown value at ${path}` };
}

/** Null when it is too long to be an answer. */
async function readAll(response: Response): Promise<string | null> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > mostAnswerBytes) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The text, number or truth value at a path such as `result.0.dnc`, as text; undefined when there is none. */
function valueAt(text: string, path: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

function writeNumber(phone: string, format: ScrubSettings['numberFormat']): string {
  if (format === 'e164') return phone;
  const digits = phone.replace(/\D/g, '');
  return format === 'national' && phone.startsWith('+1') ? digits.slice(1) : digits;
}

/** The address has the number in it: of an error only its code is told. */
function failureOf(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  return code || (messageOf(error).includes('fetch failed') ? 'no connection' : 'an answer that can not be read');
}
