import { leadFieldNames } from '../../tables/schema.ts';
import type { Site } from './site.ts';

/**
 * What VICIdial's own agi-set_variables.agi knows of a header's source, as a dialplan expression; null when it knows
 * nothing (correlation ID, custom fields).
 *
 * Texts pass a filter: SIPAddHeader reads backslash escapes, so that a lead's text could make a header of its own. Blanks
 * come as `+`. Letters outside ASCII are lost.
 */
export function setVariablesValue({ id }: Pick<Site, 'id'>, from: string): string | null {
  const own: Readonly<Record<string, string>> = {
    caller_code: 'PB_CODE',
    call_id: 'PB_CODE',
    lead_id: 'lead_id',
    campaign: 'campaign_id',
    list: 'list_id',
    phone: 'phone_number',
  };
  if (from === 'dialer') return id;
  const field: string | undefined = Object.hasOwn(own, from) ? own[from] : fieldNames.find((name) => name === from);
  return field ? `\${FILTER(A-Za-z0-9+.@_,\${${field}})}` : null;
}

const fieldNames: readonly string[] = leadFieldNames;
