import { z } from 'zod';

/**
 * What the dialplan makes of the caller code: `overwritten` puts another text over CALLERID(name), `appended` adds words
 * behind the code. CONNECTEDLINE(name) keeps the code either way.
 */
export const CallerName = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('kept') }),
  z.strictObject({ kind: z.literal('overwritten'), text: z.string() }),
  z.strictObject({ kind: z.literal('appended'), text: z.string() }),
]);
export type CallerName = z.infer<typeof CallerName>;

/** The two names that Asterisk has for the leg: CALLERID(name) and CONNECTEDLINE(name). */
export function namesOf(code: string, name: CallerName): { callerId: string; connectedLine: string } {
  if (name.kind === 'overwritten') return { callerId: name.text, connectedLine: code };
  if (name.kind === 'appended') return { callerId: `${code} ${name.text}`, connectedLine: code };
  return { callerId: code, connectedLine: code };
}
