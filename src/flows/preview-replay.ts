import { createHash } from 'node:crypto';
import type { HeldState } from '../domain/dialer.ts';
import type { Outcome } from '../domain/outcome.ts';
import { standingOf } from '../domain/plan-write-backs.ts';
import type { WriteBack } from '../domain/write-back.ts';
import type { Deps } from './deps.ts';
import { heldNow } from './held-now.ts';

/** What a replay would do, write-back by write-back, beside what the dialers hold now. */
export interface ReplayPreview {
  rows: readonly PreviewedRow[];
  /** Text that is equal as long as nothing changed of what can be replayed. */
  mark: string;
}

export interface PreviewedRow {
  row: WriteBack;
  verdict: ReplayVerdict;
  /** What the dialer holds, in its words; empty where that can't be told. */
  held: string;
  /** In plain words, for an operator. */
  why: string;
  canReplay: boolean;
}

/**
 * `writes`: the dialer lacks it. `holds-it`: a replay only confirms it. `unsure`: the dialer is read again before anything
 * is written. `human-first`: a human's result stands, which nothing overwrites. `not-now`: it is no row to replay.
 */
export type ReplayVerdict = 'writes' | 'holds-it' | 'unsure' | 'human-first' | 'not-now';

type PreviewDeps = Pick<Deps, 'store' | 'dialers'>;

/** More than these are not looked at for one preview. */
export const mostPreviewed = 100;
const budgetMs = 4000;

/** What would change if these write-backs were replayed. Writes nothing; takes a few seconds at most. */
export async function previewReplay(deps: PreviewDeps, ids: readonly string[]): Promise<ReplayPreview> {
  const rows = await deps.store.writeBacksById([...new Set(ids)].slice(0, mostPreviewed));
  const refusals = new Map<string, Refusal>();
  for (const row of rows) {
    const refusal = await whyNot(deps, row);
    if (refusal) refusals.set(row.id, refusal);
  }
  const asked = rows.filter(({ id }) => !refusals.has(id));
  const held = await heldNow(deps, asked, budgetMs);
  const previewed = rows.map((row): PreviewedRow => {
    const refusal = refusals.get(row.id);
    if (refusal) return { row, ...refusal };
    const judged = judge(held.get(row.id));
    return { row, ...judged, why: `${beforeWords(row)}${judged.why}` };
  });
  return { rows: previewed, mark: markOf(previewed) };
}

function beforeWords({ state, cancelledBy }: WriteBack): string {
  if (state === 'shadow') return 'It was only shown: the call ran in shadow. ';
  return cancelledBy ? `${cancelledBy} took it back. ` : '';
}

type Refusal = Pick<PreviewedRow, 'verdict' | 'held' | 'why' | 'canReplay'>;

async function whyNot({ store }: PreviewDeps, row: WriteBack): Promise<Refusal | null> {
  const refuse = (why: string): Refusal => ({ verdict: 'not-now', held: '', why, canReplay: false });
  if (row.state === 'pending' || row.state === 'held') return refuse('It waits as it is: a replay is for what ended.');
  if (row.state === 'claimed' || row.state === 'submitted') return refuse('It is under way to the dialer.');
  if (row.state === 'confirmed') return refuse('The dialer confirmed it.');
  if (row.state === 'superseded') return refuse('A newer value took its place.');

  const later = (await store.writeBacksOf(row.correlationId)).filter(
    ({ dialer, aspect, revision, state }) =>
      dialer === row.dialer && aspect === row.aspect && revision > row.revision && state !== 'superseded',
  );
  const follower = later.find(({ state }) => row.state === 'cancelled' || state !== 'cancelled');
  if (follower) return refuse(`Revision ${follower.revision} followed it: replaying would bring an old value back.`);
  const human = await humanFirst(store, row);
  if (human) return human;
  if (row.state === 'cancelled' && !row.cancelledBy) return refuse(notWanted);
  return isWanted(row, (await store.callById(row.correlationId))?.outcome ?? null) ? null : refuse(notWanted);
}

const notWanted = 'The call wants something else by now, or nothing. Correct its outcome where that is wrong.';

/** The plan has the last word; this is what it says of a row that no other followed. */
function isWanted({ desired }: WriteBack, outcome: Outcome | null): boolean {
  if (desired.aspect === 'callback' && desired.at) {
    return outcome?.code === 'callback' && outcome.callbackAt === desired.at;
  }
  return desired.aspect !== 'dnc' || desired.listed === (outcome?.optedOutAt !== undefined);
}

async function humanFirst(store: Deps['store'], row: WriteBack): Promise<Refusal | null> {
  const { desired } = row;
  // A callback is taken away because a human has spoken.
  if (desired.aspect !== 'disposition' && (desired.aspect !== 'callback' || desired.at === null)) return null;
  const facts = await store.factsOf(row.correlationId);
  if (standingOf(facts, row.dialer)) return null;
  const said = facts.findLast(({ body }) => body.kind === 'dispositioned' && body.dialer === row.dialer)?.body;
  const words = said?.kind === 'dispositioned' ? `${said.by || 'Somebody'} set ${said.disposition}` : 'Somebody set it';
  const held = said?.kind === 'dispositioned' ? said.disposition : '';
  return { verdict: 'human-first', held, why: `${words} in the dialer. ${overrule}`, canReplay: false };
}

const overrule = 'A human’s result is never overwritten; correct the outcome of the call where it is wrong.';

function judge(state: HeldState | undefined): Refusal {
  switch (state?.kind) {
    case 'as-wanted':
      return {
        verdict: 'holds-it',
        held: state.held,
        why: 'It is there already. A replay confirms it.',
        canReplay: true,
      };
    case 'lost':
      return { verdict: 'writes', held: state.held, why: 'It is not there. A replay writes it.', canReplay: true };
    case 'moved-on': {
      const why = `${state.by || 'Somebody'} set it there since. ${overrule}`;
      return { verdict: 'human-first', held: state.held, why, canReplay: false };
    }
    default: {
      const told = state?.held ? '' : 'It can’t be told: ';
      const why = `${told}${state?.why ?? 'it was not asked'}. The dialer is read again before it is written.`;
      return { verdict: 'unsure', held: state?.held ?? '', why, canReplay: true };
    }
  }
}

/**
 * Only what a replay would touch counts: that is what is asked for again. What can't be told has no words of its own here:
 * a second look may fail in another way.
 */
function markOf(rows: readonly PreviewedRow[]): string {
  const ready = rows.filter(({ canReplay }) => canReplay);
  const told = ready.map(({ row, verdict, held }) => [row.id, row.state, row.revision, verdict, held]);
  return createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 32);
}
