import { ConnectorError } from '../../../src/domain/errors.ts';
import { toE164 } from '../../shared/phone.ts';
import { type CallerCode, parseCallerCode } from '../caller-code.ts';
import type { Vicidial } from '../vicidial.ts';

/** What an operator looks for. */
export type ShowQuery =
  | { kind: 'code'; code: CallerCode }
  | { kind: 'lead'; leadId: string }
  /** E.164. */
  | { kind: 'phone'; phone: string };

/**
 * Reads a caller code (`V…`, or with the date that makes it unique, `V…@2026-11-21`), a number with or without `+`, or
 * a lead id. Up to 9 digits are a lead id; with `lead:` in front any digits are.
 */
export function readShowQuery({ config, deps }: Pick<Vicidial, 'config' | 'deps'>, word: string): ShowQuery {
  const [text = '', day = ''] = word.trim().split('@');
  // The end of that day anywhere: of the dates that a code can mean, the latest before it counts.
  const before = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) + 36 * 3_600_000 : deps.clock.now();
  const code = parseCallerCode(text, before, config.timeZone);
  if (code) return { kind: 'code', code };
  const named = /^lead:([1-9]\d{0,9})$/.exec(text)?.[1];
  if (named) return { kind: 'lead', leadId: named };
  if (/^[1-9]\d{0,8}$/.test(text)) return { kind: 'lead', leadId: text };
  const phone = toE164(text, config.country);
  if (phone) return { kind: 'phone', phone };
  throw new ConnectorError('bad_request', 'that is no caller code, lead id or phone number', {
    hint: 'Give a code of 20 characters such as V1211403070000012345, a lead id (lead:… for a long one), or a number.',
  });
}
