import type { SipHeader } from '../domain/sip-headers.ts';

/** The forms that Asterisk's dialplan reads: for ARRAY(), for HASH(), for JSON_DECODE(). */
export const headerForms = ['arr', 'hash', 'json'] as const;
export type HeaderForm = (typeof headerForms)[number];

export function readHeaderForm(text: string | undefined): HeaderForm {
  return headerForms.find((form) => form === text) ?? 'arr';
}

/** Asterisk cuts the answer of CURL() at 4095 bytes, without a word. */
const maxBytes = 4000;

/**
 * Renders cleaned headers in one of the three forms; `hash` and `json` name them without `X-`. What is too long once it
 * is encoded loses its last headers.
 */
export function renderHeaders(headers: readonly SipHeader[], form: HeaderForm): { contentType: string; body: string } {
  let kept = headers;
  let answer = render(kept, form);
  while (kept.length > 0 && Buffer.byteLength(answer.body) > maxBytes) {
    kept = kept.slice(0, -1);
    answer = render(kept, form);
  }
  return answer;
}

function render(headers: readonly SipHeader[], form: HeaderForm): { contentType: string; body: string } {
  switch (form) {
    case 'arr':
      return plain(headers.map(([name, value]) => `${name}: ${value.replace(/[,()[\]]/g, '\\$&')}`).join(','));
    case 'hash':
      return plain(headers.map(([name, value]) => `${name.slice(2)}=${encodeForHash(value)}`).join('&'));
    case 'json': {
      const body = JSON.stringify(Object.fromEntries(headers.map(([name, value]) => [name.slice(2), value])));
      return { contentType: 'application/json; charset=utf-8', body };
    }
  }
}

function plain(body: string): { contentType: string; body: string } {
  return { contentType: 'text/plain; charset=utf-8', body };
}

/** HASH() can't take brackets in any form; all else travels percent-encoded. */
function encodeForHash(value: string): string {
  return encodeURIComponent(value.replace(/[()[\]]/g, '')).replace(
    /[!'*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
