import type { CallSighting } from '../domain/call.ts';
import type { HeaderNames } from '../domain/fact.ts';
import type { DialerSettings } from '../domain/settings.ts';
import { fitHeaders, type SipHeader } from '../domain/sip-headers.ts';

export interface BuiltHeaders {
  /** Every configured header in order; empty where nothing is known or it did not fit. */
  all: SipHeader[];
  /** Only those that have a value, fit for the SIP leg. */
  sent: SipHeader[];
  dropped: string[];
}

/** What became of each header, for the record of the call. */
export function namesOf({ all, sent, dropped }: BuiltHeaders): HeaderNames {
  const taken = new Set([...sent.map(([name]) => name), ...dropped]);
  const empty = all.flatMap(([name]) => (taken.has(name) ? [] : name));
  return { sent: sent.map(([name]) => name), empty, dropped };
}

/** The `X-` headers of a call from what is configured and what is known of it. */
export function buildHeaders(settings: DialerSettings, correlationId: string, sighting: CallSighting): BuiltHeaders {
  const { leg, fields } = sighting;
  const known: Record<string, string> = {
    correlation_id: correlationId,
    caller_code: leg.callKey,
    call_id: leg.callKey,
    lead_id: leg.leadKey,
    campaign: leg.campaign,
    list: leg.list,
    phone: leg.phone || leg.number,
    dialer: leg.dialer,
  };
  const wanted = settings.headers.map(({ name, from }) => [name, known[from] ?? fields[from] ?? ''] as const);
  const { headers: sent, dropped } = fitHeaders(wanted, settings.headerBudget);
  const values = new Map(sent);
  return { all: settings.headers.map(({ name }) => [name, values.get(name) ?? ''] as const), sent, dropped };
}
