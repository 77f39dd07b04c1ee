import type { Call } from '../domain/call.ts';
import type { Variables } from '../domain/connector.ts';
import { callsByNumbers } from './calls-by-numbers.ts';
import { callsOfLead } from './calls-of-lead.ts';
import type { Deps } from './deps.ts';
import { isOver } from './read-outcome.ts';

const customerMarks = ['phone', 'phone_number', 'ani', 'customer_number', 'from_number'];
const ownMarks = ['dnis', 'to_number', 'called_number'];

/**
 * The open calls that an agent's variables fit where they name none: those of the lead, else those of the customer's
 * number. What else is told must not speak against them. None while the store can't say that there is no other.
 */
export async function callsByMarks(deps: Deps, variables: Variables, budgetMs: number): Promise<Call[]> {
  const at = deps.clock.now();
  const endsAt = performance.now() + budgetMs;
  const leftMs = () => Math.max(1, (endsAt - performance.now()) / 2);
  const customer = numberOf(deps, variables, customerMarks);
  const own = numberOf(deps, variables, ownMarks);

  const ofLead = await callsOfLead(deps, variables, at, leftMs());
  if (!ofLead.isSure) return [];
  const open = await onlyOpen(deps, ofLead.calls, leftMs());
  if (open.length > 0) return open.filter(({ phone }) => !customer || !phone || phone === customer);
  if (!customer) return [];
  const found = await callsByNumbers(deps, { customer, own, at }, leftMs());
  const { lead_id: leadKey = '' } = variables;
  const fitting = found.calls.filter((call) => call.phone === customer && mayBeOf(call, leadKey));
  return found.isSure ? onlyOpen(deps, fitting, leftMs()) : [];
}

function mayBeOf(call: Call, leadKey: string): boolean {
  return !leadKey || !call.leadKey || call.leadKey === leadKey;
}

/** The AI still talks in them, whatever it has committed so far. None when that can't be told of one. */
async function onlyOpen(deps: Deps, calls: readonly Call[], budgetMs: number): Promise<Call[]> {
  const open: Call[] = [];
  for (const call of calls) {
    if (isOver(deps, call)) continue;
    const answer = await deps.gate.read(budgetMs, () => deps.store.factsOf(call.correlationId));
    if (answer.kind === 'away') return [];
    if (!answer.value.some(({ body }) => body.kind === 'ended' || body.kind === 'dispositioned')) open.push(call);
  }
  return open;
}

function numberOf(deps: Deps, variables: Variables, names: readonly string[]): string {
  const country = [...deps.dialers.values()][0]?.settings.country ?? 'US';
  for (const name of names) {
    const phone = variables[name] ? deps.readPhone(variables[name], country) : '';
    if (phone) return phone;
  }
  return '';
}
