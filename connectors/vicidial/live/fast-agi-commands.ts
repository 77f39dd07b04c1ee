import { cleanText, type SipHeader } from '../../../src/domain/sip-headers.ts';

/** How a header gets onto the leg: by chan_sip's own application, or by a variable that a pre-dial handler reads. */
export type AgiTech = 'sip' | 'pjsip';

/** The script names that the dialplan may ask for: `agi://HOST:PORT/vicidial`, `agi://HOST:PORT/vicidial-pjsip`. */
const scripts: Readonly<Record<string, AgiTech>> = { vicidial: 'sip', 'vicidial-pjsip': 'pjsip' };

/** Reads `agi_network_script`: path and query, without a slash in front. Null when it is no script of ours. */
export function techOfScript(script: string): AgiTech | null {
  const name = script.replace(/^\/+/, '').split('?', 1)[0] ?? '';
  return Object.hasOwn(scripts, name) ? (scripts[name] ?? null) : null;
}

/**
 * The channel variable that carries a header to the PJSIP pre-dial handler, which reads it as `${PB_first_name}`. The two
 * underscores are Asterisk's mark of a variable that every later channel of the call inherits.
 *
 * `X-first_name` → `__PB_first_name`, `X-lead-id` → `__PB_lead_id`: `__PB_` and the name without `X-`, with `_` for all
 * that is neither letter nor digit.
 */
export function headerVariable(headerName: string): string {
  return `__PB_${headerName.replace(/^X-/, '').replace(/[^A-Za-z0-9]/g, '_')}`;
}

/** One AGI command for one header, without its line end. The name comes from configuration, the value from anywhere. */
export function headerCommand(tech: AgiTech, [name, value]: SipHeader): string {
  return tech === 'sip'
    ? `EXEC SIPAddHeader ${quoted(`${name}: ${value}`)}`
    : `SET VARIABLE ${headerVariable(name)} ${quoted(value)}`;
}

/** Asterisk cuts an AGI line at 2047 bytes, in the middle of a quoted text. */
const maxArgumentBytes = 1900;

/**
 * The one way of text into an AGI command. A line end in it would begin a command of its own, a backslash a line end of
 * the INVITE (SIPAddHeader decodes escapes): after the cleaning neither is left, nor the quote that ends the argument.
 */
function quoted(text: string): string {
  return `"${cleanText(text, maxArgumentBytes)}"`;
}
