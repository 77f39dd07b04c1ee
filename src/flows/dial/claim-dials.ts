import type { CallSighting } from '../../domain/call.ts';
import { instantOf } from '../../domain/clock.ts';
import { type DialClaim, type DialRequest, dialRoute } from '../../domain/dialling.ts';
import type { CallEvidence, Fact } from '../../domain/fact.ts';
import type { Lead } from '../../domain/lead.ts';
import { buildHeaders } from '../build-headers.ts';
import type { Deps } from '../deps.ts';
import { freshIdOf, recordFacts } from '../record-facts.ts';
import { registeredFact } from '../registered-fact.ts';
import { attemptNote, dialRef, readDialState } from './dial-notes.ts';
import { judgeLead } from './judge-lead.ts';

interface Judged {
  request: DialRequest;
  claim: DialClaim;
  /** What is to be recorded before the lead is dialled, when it is `ready`. */
  registration?: Fact;
}

/** The gate may ask a service about each lead. */
const atOnce = 10;
const budgetMs = 5000;
/** What is called later finds the platform as it is then. */
const soonMs = 60_000;
/** A variable is no header: there is no budget but that of good sense. */
const variableBudget = { bytes: 8000, count: 100, charset: 'utf8' } as const;

/**
 * Judges each lead, and records for those that may be called their registration and the note that they are about to be:
 * all in the store before anybody dials. A lead whose note another process wrote first is in doubt for us.
 */
export async function claimDials(deps: Deps, platform: string, requests: readonly DialRequest[]): Promise<DialClaim[]> {
  // A command has not heard of them: which calls run in shadow is decided here.
  await deps.controls.look();
  const judged = await judgeDials(deps, platform, requests);
  // Noted when the judging is through, however long it took: that it may be dialled from then on.
  const at = instantOf(deps.clock);
  const notes = new Map<Judged, Fact>();
  for (const each of judged) {
    if (each.claim.kind === 'ready') notes.set(each, attemptNote(platform, each.request, each.claim.attempt, at));
  }
  const facts = judged.flatMap((each) => [each.registration, notes.get(each)].filter((fact) => fact !== undefined));
  if (facts.length === 0) return judged.map(({ claim }) => claim);
  const startsAt =
    requests
      .map(({ at }) => at)
      .sort()
      .at(-1) ?? instantOf(deps.clock);
  const result = await recordFacts(deps, facts, { budgetMs, isStoreOnly: true, startsAt });
  const results = result.kind === 'recorded' ? result.results : [];

  const added = new Map(facts.map((fact, index) => [fact, results[index]]));
  return judged.map((each) => {
    const { claim, request } = each;
    const note = notes.get(each);
    const recorded = note && added.get(note);
    if (claim.kind !== 'ready' || !note || !recorded) return claim;
    const { correlationId } = recorded.call;
    if (recorded.isAdded) return { ...claim, correlationId };
    return { kind: 'in-doubt', correlationId, attempt: claim.attempt, batch: request.batch, since: note.at };
  });
}

/** The same without writing. */
export async function judgeDials(deps: Deps, platform: string, requests: readonly DialRequest[]): Promise<Judged[]> {
  const judged: Judged[] = [];
  const isFull = await deps.capacity.isFull(platform);
  for (let start = 0; start < requests.length; start += atOnce) {
    const part = requests.slice(start, start + atOnce);
    judged.push(...(await Promise.all(part.map((request) => judgeOne(deps, platform, request, isFull)))));
  }
  return await asDialersSay(deps, judged);
}

/** Each dialer is asked once about all of its leads that may be called: it knows people whom we don't know to refuse. */
async function asDialersSay(deps: Deps, judged: readonly Judged[]): Promise<Judged[]> {
  const ready = judged.filter(({ claim }) => claim.kind === 'ready').map(({ request }) => asCalled(request));
  const against = new Map<string, ReadonlyMap<string, string>>();
  for (const [dialer, leads] of Map.groupBy(ready, (lead) => lead.dialer)) {
    against.set(dialer, (await deps.dialers.get(dialer)?.whyNotDialled?.(leads)) ?? new Map());
  }
  return judged.map((each) => {
    const { dialer, key } = each.request.lead;
    const reason = each.claim.kind === 'ready' ? against.get(dialer)?.get(key) : undefined;
    return reason ? { ...each, claim: { kind: 'refused', reason }, registration: undefined } : each;
  });
}

/** The lead as the dialer is asked about it: in the campaign that counts for this call. */
function asCalled({ lead, campaign }: DialRequest): Lead {
  return { ...lead, campaign: campaign || lead.campaign };
}

async function judgeOne(deps: Deps, platform: string, request: DialRequest, isFull: boolean): Promise<Judged> {
  const nothing = (claim: DialClaim): Judged => ({ request, claim });
  const ref = dialRef(platform, request);
  const call = await deps.store.callByRef(ref);
  const state = call ? readDialState(platform, await deps.store.factsOf(call.correlationId)) : null;
  const correlationId = call?.correlationId ?? freshIdOf(deps, [ref]);
  if (state?.kind === 'dialled') return nothing({ kind: 'dialled', correlationId });
  if (state?.kind === 'in-doubt') return nothing({ ...state, correlationId });

  if (isFull && Date.parse(request.at) < deps.clock.now() + soonMs) {
    deps.count.gated(request.lead.dialer, 'no_capacity');
    return nothing({ kind: 'refused', reason: 'no_capacity' });
  }
  const verdict = await judgeLead(deps, request);
  if (!verdict.isAllowed) return nothing({ kind: 'refused', reason: verdict.reason });
  const dialer = deps.dialers.get(request.lead.dialer);
  if (!dialer) return nothing({ kind: 'refused', reason: 'unknown_dialer' });
  const sighting = sightingOf(request, platform);
  const attempt = state?.attempt ?? 1;
  return {
    request,
    claim: {
      kind: 'ready',
      correlationId,
      attempt,
      phone: sighting.leg.phone,
      variables: variablesOf(deps, correlationId, sighting),
    },
    registration: withCaller(
      request,
      registeredFact(deps, sighting, 'dialled', { route: dialRoute, reason: '', evidence: verdict.evidence }),
    ),
  };
}

/** Beside what is configured: who really called. */
function withCaller({ callerId, agent }: DialRequest, fact: Fact): Fact {
  if (fact.body.kind !== 'registered') return fact;
  const told = { ...noEvidence, ...fact.body.evidence };
  const evidence = { ...told, callerId, agentVersion: told.agentVersion || agent };
  return { ...fact, body: { ...fact.body, evidence } };
}

const noEvidence: CallEvidence = {
  seller: '',
  purpose: '',
  goods: '',
  callerId: '',
  agentVersion: '',
  consentSource: '',
};

/** A leg without a call of the dialer's own: what is written goes to the lead. */
function sightingOf(request: DialRequest, platform: string): CallSighting {
  const { at } = request;
  const lead = asCalled(request);
  const phone = lead.phones[0] ?? '';
  return {
    refs: [dialRef(platform, request)],
    leg: {
      dialer: lead.dialer,
      callKey: '',
      campaign: lead.campaign,
      list: lead.list,
      leadKey: lead.key,
      number: phone,
      phone,
      agent: '',
      calledAt: at,
    },
    fields: { ...lead.fields },
  };
}

function variablesOf(deps: Deps, correlationId: string, sighting: CallSighting): Record<string, string> {
  const { leg } = sighting;
  const settings = deps.dialers.get(leg.dialer)?.settings;
  const headers = settings
    ? buildHeaders({ ...settings, headerBudget: variableBudget }, correlationId, sighting).sent
    : [];
  const named = headers.map(([name, value]) => [name.slice(2).toLowerCase().replaceAll('-', '_'), value] as const);
  return { ...Object.fromEntries(named), correlation_id: correlationId, lead_id: leg.leadKey, dialer: leg.dialer };
}
