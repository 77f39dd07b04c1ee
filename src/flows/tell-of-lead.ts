import type { Variables } from '../domain/connector.ts';
import type { Lead } from '../domain/lead.ts';
import { type LeadMark, nameKey, postalKey } from '../domain/person-marks.ts';
import type { Platform } from '../domain/platform.ts';
import { cleanText } from '../domain/sip-headers.ts';
import type { Deps } from './deps.ts';
import { leadOfCall } from './lead-of-call.ts';
import { nameCall } from './name-call.ts';
import type { ToolAnswer } from './tool-answer.ts';

/** Milliseconds for each question to our own store, for the lead of the call, and for a look through a postal code. */
const stepMs = 400;
const leadMs = 700;
const placeMs = 1400;
const valueBytes = 120;
/** Who talks to the agent could try one number after the other: so many different marks may be said in a call. */
const mostLookUps = 5;

/**
 * The AI agent asks who the customer is. By the call it is the call's own lead; by what the customer says (a number, a
 * postal code with the last name) it is the one lead that all of it fits. Nobody is chosen by guess, and nothing is told
 * but the configured fields.
 */
export async function tellOfLead(deps: Deps, platform: Platform, body: Variables): Promise<ToolAnswer> {
  const { variables, correlationId } = platform.readToolCall(body);
  const { phone = '', postal_code = '', last_name = '', ...names } = variables;
  const said: Said = { phone, postalCode: postalKey(postal_code), lastName: nameKey(last_name), leadId: '' };
  const { lead: own, call } = await ownLead(deps, correlationId, names);
  // A call of which no more than its number is known says nothing of the customer.
  const isOfCall = own !== null && asks(deps, 'call') && Object.keys(tellable(deps, own)).length > 0;
  // Beside the call's other names the lead's ID is one of them; by itself it is what was said.
  if (!own) said.leadId = names.lead_id ?? '';

  if (isTooMany(deps, call, said)) return enough;
  const found = await leadsOf(deps, said);
  if (found === 'away') return notSure;
  if (found === 'nothing-said') return isOfCall && fits(own, said) ? told(deps, own) : askForMark(deps, said);
  const fitting = found.leads.filter((lead) => fits(lead, said));
  if (isOfCall && fitting.some(({ dialer, key }) => dialer === own.dialer && key === own.key)) return told(deps, own);
  const persons = new Map(fitting.map((lead) => [personOf(deps, lead), lead]));
  const [only, ...others] = persons.values();
  if (!only) return notFound;
  return others.length > 0 || !found.isWhole ? askForMore(deps, said) : told(deps, only);
}

/** What the customer said of themselves; empty where nothing. */
interface Said {
  phone: string;
  postalCode: string;
  lastName: string;
  leadId: string;
}

interface FoundLeads {
  leads: readonly Lead[];
  isWhole: boolean;
}

function asks(deps: Deps, mark: LeadMark): boolean {
  return deps.settings.tools.findLead.by.includes(mark);
}

/** The lead that the call is about, and the call's ID; null and empty when they are not known. */
async function ownLead(deps: Deps, correlationId: string, variables: Variables) {
  const unknown = { lead: null, call: '' };
  if (!correlationId && Object.keys(variables).every((name) => name === 'lead_id')) return unknown;
  const named = await nameCall(deps, { correlationId, variables }, stepMs);
  // Of a call that we don't hold, the agent's own words would say whose it is.
  if ('error' in named || !named.call) return unknown;
  const { lead } = await leadOfCall(deps, named, stepMs, leadMs);
  return { lead, call: named.call.correlationId };
}

/** The same marks said again are not more of them. */
function isTooMany(deps: Deps, call: string, said: Said): boolean {
  if (!call || Object.values(said).every((mark) => mark === '')) return false;
  const lookUps = deps.memory.lookUps(call);
  const marks = JSON.stringify(said);
  if (lookUps.size < mostLookUps) lookUps.add(marks);
  return !lookUps.has(marks);
}

/** The leads that the strongest mark fits. */
async function leadsOf(deps: Deps, said: Said): Promise<FoundLeads | 'nothing-said' | 'away'> {
  const { phone, postalCode, lastName, leadId } = said;
  if (phone && asks(deps, 'phone')) return await leadsByPhone(deps, phone);
  if (leadId && asks(deps, 'lead_id')) return await leadsByKey(deps, leadId);
  if (!postalCode || !lastName || !asks(deps, 'postal_code')) return 'nothing-said';
  const answer = await deps.gate.read(placeMs, () => deps.store.leadsByPlace({ postalCode, lastName }));
  return answer.kind === 'away' ? 'away' : answer.value;
}

async function leadsByPhone(deps: Deps, spoken: string): Promise<FoundLeads | 'away'> {
  const countries = new Set([...deps.dialers.values()].map(({ settings }) => settings.country));
  const phones = new Set([...countries].map((country) => deps.readPhone(spoken, country)).filter(Boolean));
  const leads: Lead[] = [];
  for (const phone of phones) {
    const answer = await deps.gate.read(stepMs, () => deps.store.leadsByPhone(phone));
    if (answer.kind === 'away') return 'away';
    leads.push(...answer.value);
  }
  return { leads, isWhole: true };
}

async function leadsByKey(deps: Deps, key: string): Promise<FoundLeads | 'away'> {
  const leads: Lead[] = [];
  for (const dialer of deps.dialers.keys()) {
    const answer = await deps.gate.read(stepMs, () => deps.store.leadByKey(dialer, key));
    if (answer.kind === 'away') return 'away';
    if (answer.value) leads.push(answer.value);
  }
  return { leads, isWhole: true };
}

/** All that was said must fit, also what it was not found by. */
function fits({ fields }: Lead, { postalCode, lastName }: Said): boolean {
  if (lastName && nameKey(fields.last_name ?? '') !== lastName) return false;
  return !postalCode || postalKey(fields.postal_code ?? '') === postalCode;
}

/** One person may be a lead of several lists and dialers: of the same name, and with the same to tell. */
function personOf(deps: Deps, lead: Lead): string {
  const { first_name = '', last_name = '' } = lead.fields;
  return JSON.stringify([nameKey(first_name), nameKey(last_name), tellable(deps, lead)]);
}

/** The configured fields that have a value. */
function tellable(deps: Deps, { fields }: Pick<Lead, 'fields'>): Record<string, string> {
  const names = deps.settings.tools.findLead.fields;
  const pairs = names.map((name) => [name, cleanText(fields[name] ?? '', valueBytes)] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== ''));
}

function told(deps: Deps, lead: Lead): ToolAnswer {
  const fields = tellable(deps, lead);
  const words = Object.entries(fields).map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`);
  const say =
    words.length > 0 ? `This is the customer: ${words.join(', ')}.` : 'I know the customer, but no more about them.';
  return { ok: true, found: true, lead: fields, say };
}

const notFound: ToolAnswer = {
  ok: false,
  found: false,
  error: 'not_found',
  say: 'I have nobody with that. Go on without it, or ask for another number that we may have.',
};

const notSure: ToolAnswer = {
  ok: false,
  found: false,
  error: 'not_sure',
  say: 'I can not look that up just now. Go on without it.',
};

const enough: ToolAnswer = {
  ok: false,
  found: false,
  error: 'refused',
  say: 'No more can be looked up in this call. Go on without it.',
};

function askForMark(deps: Deps, said: Said): ToolAnswer {
  const wanted = nextMark(deps, said) ?? 'the name';
  return {
    ok: false,
    found: false,
    error: 'needs_mark',
    say: `Ask the customer for ${wanted}, and ask me again with it.`,
  };
}

/** Nothing is said of who they are, not even how many. */
function askForMore(deps: Deps, said: Said): ToolAnswer {
  const wanted = nextMark(deps, said);
  const next = wanted ? `Ask the customer for ${wanted}, and ask me again with all of it.` : 'Go on without it.';
  return { ok: false, found: false, error: 'several', say: `More than one person fits that. ${next}` };
}

/** What was not said yet, and helps. */
function nextMark(deps: Deps, { phone, lastName, postalCode }: Said): string | undefined {
  if (!phone && asks(deps, 'phone')) return 'the phone number that we have of them';
  if (!lastName) return 'the last name';
  return postalCode ? undefined : 'the postal code';
}
