import { instantOf } from '../domain/clock.ts';
import { messageOf } from '../domain/errors.ts';
import type { Platform } from '../domain/platform.ts';
import type { Deps } from './deps.ts';
import { readOptOuts } from './watch-opt-outs.ts';

type PersonDeps = Pick<Deps, 'store' | 'clock' | 'dialers' | 'platforms' | 'settings' | 'hashNumber'>;

const mostOptOuts = 1000;
const openStates: readonly string[] = ['held', 'pending', 'claimed', 'submitted'];

/** Everything that is held under a number (E.164), across our store and the platforms. `failures`: who did not tell. */
export async function exportPerson(deps: PersonDeps, phone: string) {
  const { store } = deps;
  const held = await store.heldOfPerson(phone);
  const failures: string[] = [];
  const calls = [];
  for (const correlationId of held.callIds) {
    const refs = await store.refsOf(correlationId);
    const records = [];
    for (const [platform, callKey] of platformCalls(deps, refs)) {
      try {
        records.push({ platform: platform.id, callKey, record: (await platform.readCall?.(callKey)) ?? null });
      } catch (error) {
        failures.push(`${platform.id}: ${messageOf(error)}`);
      }
    }
    calls.push({
      call: await store.callById(correlationId),
      refs,
      facts: await store.factsOf(correlationId),
      writeBacks: await store.writeBacksOf(correlationId),
      transcripts: await store.transcriptsOf(correlationId),
      platformRecords: records,
    });
  }
  const { leads, attention } = held;
  return { phone, calls, leads, attention, optOuts: await optOutsOf(deps, phone), failures };
}

export interface Erasure {
  /** Of calls that are not over for us: what waits must reach its dialer first, or be given up. Then nothing is erased. */
  open: string[];
  calls: number;
  /** Of those, how many told an opt-out, the evidence of which stays. */
  keptAsEvidence: number;
  platformCalls: number;
  /** The person's leads, as `dialer key`: erased from our store; the dialer holds them on. */
  leads: string[];
  /** What could not be erased, and why. Run it again. */
  left: string[];
}

/**
 * Erases everything that is held under a number (E.164), the evidence of opt-outs excepted. Safe to repeat: what is gone is
 * gone, and what was left is tried again. A dry run only counts.
 */
export async function erasePerson(
  deps: PersonDeps,
  { phone, by, isDryRun }: { phone: string; by: string; isDryRun: boolean },
): Promise<Erasure> {
  const { store } = deps;
  const held = await store.heldOfPerson(phone);
  const optedOut = new Set((await optOutsOf(deps, phone)).map(({ correlationId }) => correlationId));
  const leads = held.leads.map(({ dialer, key }) => `${dialer} ${key}`);
  const erasure: Erasure = { open: [], calls: 0, keptAsEvidence: 0, platformCalls: 0, leads, left: [] };
  for (const id of held.callIds) {
    const rows = await store.writeBacksOf(id);
    if (rows.some(({ state }) => openStates.includes(state))) erasure.open.push(id);
  }
  if (erasure.open.length > 0) return erasure;

  const now = instantOf(deps.clock);
  for (const correlationId of held.callIds) {
    const there = platformCalls(deps, await store.refsOf(correlationId));
    erasure.platformCalls += there.length;
    erasure.calls += 1;
    if (optedOut.has(correlationId)) erasure.keptAsEvidence += 1;
    if (isDryRun) continue;
    const call = await store.callById(correlationId);
    const called = held.leads.find(({ dialer, key }) => dialer === call?.dialer && key === call.leadKey);
    const names = (called ?? held.leads.find(({ fields }) => fields.first_name || fields.last_name))?.fields ?? {};
    // The platform first: without our names of the call nobody would find its record again.
    const failure = await eraseThere(there);
    if (failure) erasure.left.push(`call ${correlationId}: ${failure}`);
    else await store.eraseCall({ correlationId, platforms: [...deps.platforms.keys()], names, by, now });
  }
  if (isDryRun) return erasure;
  // Last: what is left of a call still needs the name for its evidence.
  if (erasure.left.length === 0) await store.eraseLeads({ phone });
  const { calls, keptAsEvidence, platformCalls: records, left } = erasure;
  const counts = { calls, keptAsEvidence, platformCalls: records, leads: leads.length, left: left.length };
  const details = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)]));
  await store.appendAudit({ at: now, by, act: 'person-erase', subject: deps.hashNumber(phone), details });
  return erasure;
}

async function eraseThere(calls: readonly [Platform, string][]): Promise<string> {
  for (const [platform, callKey] of calls) {
    if (!platform.eraseCall) return `${platform.id} has no way to erase a call's record; erase it there by hand`;
    try {
      await platform.eraseCall(callKey);
    } catch (error) {
      return `${platform.id} still has its record: ${messageOf(error)}`;
    }
  }
  return '';
}

function platformCalls(
  { platforms }: PersonDeps,
  refs: readonly { instance: string; key: string }[],
): [Platform, string][] {
  return refs.flatMap(({ instance, key }) => {
    const platform = platforms.get(instance);
    return platform ? [[platform, key] as [Platform, string]] : [];
  });
}

function optOutsOf(deps: PersonDeps, phone: string) {
  return readOptOuts(deps, { phone, limit: mostOptOuts });
}
