import type { DialplanLine, Extension } from './read-dialplan.ts';
import { splitArguments } from './split-arguments.ts';

/** What a carrier's extension does, as far as its text tells. Positions are those of its lines, from 0. */
export interface EntryFacts {
  /** Where `call_log` runs, not counting lines that do nothing; -1 when nowhere. */
  callLogAt: number;
  dials: readonly DialFact[];
  headers: readonly HeaderFact[];
  /** Where headers that came along are taken off; -1 when nowhere. */
  removesAt: number;
  /** How the headers come: asked for over HTTP, over FastAGI, from VICIdial's own script, or as they stand. */
  way: 'curl' | 'fastagi' | 'set-variables' | 'none';
  /** Addresses that are asked, without query and log-in. */
  asks: readonly string[];
  askedAt: number;
  /** Whether the answer's headers go out by whatever names they have. */
  isUnnamed: boolean;
  /** Names of the limits that are set for CURL; never their values, which may be a key. */
  curlOptions: readonly string[];
  /** Lead columns that are used as variables though nothing sets them. */
  unset: readonly string[];
}

export interface DialFact {
  at: number;
  tech: string;
  peer: string;
  /** How many digits are cut off; 0 for none, negative for how many are kept, null when the number does not come from EXTEN. */
  strip: number | null;
  /** The text that becomes the number: `+${EXTEN:4}`. */
  user: string;
  /** Context of the handler that Dial runs on the called channel; empty for none. */
  handler: string;
}

export interface HeaderFact {
  at: number;
  name: string;
  /** How it is set: SIPAddHeader and its variables are chan_sip's, PJSIP_HEADER is chan_pjsip's. */
  by: 'sip' | 'pjsip';
}

/** What VICIdial's script sets, and nothing else does. */
const leadVariables =
  /^(lead_id|vendor_lead_code|source_id|list_id|phone_number|title|first_name|middle_initial|last_name|address[123]|city|state|province|postal_code|country_code|gender|date_of_birth|alt_phone|email|security_phrase|comments|called_count|rank|owner|campaign_id|dialed_number)$/;

/** Reads what matters out of one extension. */
export function factsOf({ lines }: Extension): EntryFacts {
  const calls = lines.map((line, at) => ({ ...line, name: line.application.toLowerCase(), at }));
  const first = (test: (call: (typeof calls)[number]) => boolean) => calls.findIndex(test);
  const text = lines.map(({ application, args }) => `${application}(${args})`).join('\n');
  const curls = calls.filter(({ args }) => /\$\{CURL\(/i.test(args));
  const agis = calls.filter(({ name, args }) => name === 'agi' && /^agi:\/\//i.test(args) && !isCallLog(args));
  const usesScript = calls.some(({ name, args }) => name === 'agi' && /agi-set_variables/.test(args));
  const asking = [...curls, ...agis].sort((a, b) => a.at - b.at);
  return {
    callLogAt: calls
      .filter(({ name }) => !['noop', 'verbose'].includes(name))
      .findIndex(({ name, args }) => name === 'agi' && isCallLog(args)),
    dials: calls.filter(({ name }) => name === 'dial').map(({ args, at }) => dialOf(args, at)),
    headers: calls.flatMap((call) => headersOf(call, call.at)),
    removesAt: first(({ name, args }) => name === 'sipremoveheader' && /^(X-)?$/i.test(args.trim())),
    way: curls.length > 0 ? 'curl' : agis.length > 0 ? 'fastagi' : usesScript ? 'set-variables' : 'none',
    asks: asking.map(({ args }) => addressIn(args)).filter((address) => address !== ''),
    askedAt: asking[0]?.at ?? -1,
    isUnnamed:
      /ARRAY\([^)]*__?SIPADDHEADER/i.test(text) ||
      /ARRAY\([^)]*__PB_\d/i.test(text) ||
      (agis.length > 0 && curls.length === 0),
    curlOptions: [...text.matchAll(/CURLOPT\((\w+)\)/gi)].map(([, name = '']) => name.toLowerCase()),
    unset: usesScript ? [] : leadVariablesIn(text),
  };
}

/** Names of the headers that a handler adds on the called channel. */
export function handlerHeaders({ lines }: Extension): string[] {
  return lines.flatMap((line, at) => headersOf(line, at)).map(({ name }) => name);
}

function isCallLog(args: string): boolean {
  return /\/call_log\b/.test(args) && !/HVcauses/.test(args);
}

/** `SIP/peer/+${EXTEN:4}`, `PJSIP/+${EXTEN:4}@peer`, `SIP/${EXTEN:4}@host`. */
function dialOf(args: string, at: number): DialFact {
  const [target = '', , options = ''] = splitArguments(args);
  const [tech = '', ...rest] = target.split('/');
  const way = rest.join('/');
  const { peer, user } = partsOfWay(tech, rest);
  const strip = /\$\{EXTEN(?::(-?\d+))?[^}]*\}/.exec(way);
  return {
    at,
    tech: tech.toUpperCase(),
    peer,
    strip: strip ? Number(strip[1] ?? 0) : null,
    user,
    handler: /(?:^|[A-Za-z\d)])b\(([^^)]+)/.exec(options)?.[1]?.trim() ?? '',
  };
}

/** Behind a variable that nobody shows (`${TRUNK}/${EXTEN:4}`) the peer stays empty. */
function partsOfWay(tech: string, rest: readonly string[]): { peer: string; user: string } {
  const way = rest.join('/');
  if (tech.includes('${')) return { peer: '', user: way };
  const [first = '', ...others] = rest;
  const host = /@([^@/]+)$/.exec(way)?.[1];
  // PJSIP/endpoint/sip:number@host: the endpoint decides.
  if (others.length > 0 && tech.toUpperCase() === 'PJSIP')
    return { peer: first, user: (others.join('/').split('@', 1)[0] ?? '').replace(/^sips?:/, '') };
  if (host !== undefined) return { peer: host, user: way.slice(0, way.lastIndexOf('@')) };
  return { peer: first, user: others.join('/') };
}

function headersOf({ application, args }: DialplanLine, at: number): HeaderFact[] {
  if (application.toLowerCase() === 'sipaddheader') {
    return [{ at, name: (args.split(':', 1)[0] ?? '').replace(/^["'\s]+/, '').trimEnd(), by: 'sip' }];
  }
  if (application.toLowerCase() !== 'set') return [];
  const pjsip = /^PJSIP_HEADER\(\s*(?:add|update)\s*,\s*([^,)=]+)/i.exec(args.trim());
  if (pjsip) return [{ at, name: (pjsip[1] ?? '').trim(), by: 'pjsip' }];
  const variable = /^_{0,2}SIPADDHEADER\w*\s*=\s*([^:]+):/i.exec(args.trim());
  return variable ? [{ at, name: (variable[1] ?? '').trim(), by: 'sip' }] : [];
}

/** The address between `CURL(` or `AGI(` and its query, without what stands before an `@`. */
function addressIn(args: string): string {
  const found = /(?:CURL\(\s*|^\s*)((?:https?|agi):\/\/[^\s,?)]+)/i.exec(args)?.[1] ?? '';
  return found.replace(/\/\/[^@/]*@/, '//');
}

function leadVariablesIn(text: string): string[] {
  const used = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
  const set = [...text.matchAll(/\b(?:M?Set|ARRAY)\(_{0,2}(\w+)|,_{0,2}(\w+)=/gi)].map(
    ([, one, other]) => one ?? other,
  );
  return [...new Set(used.filter((name) => leadVariables.test(name) && !set.includes(name)))];
}
