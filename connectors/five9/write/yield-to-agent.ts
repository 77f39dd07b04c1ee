import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import type { FoundRow } from '../read/find-contact.ts';
import { timesInContact } from '../read/times-in-contact.ts';
import { type Answers, answerOfError } from './answers.ts';
import { firstLookMs, forgetDoubts, writeReceipt } from './imports.ts';
import { agentWasFaster, type Overtaken, shownSince, watchesAgents } from './judge-contact.ts';
import { prepareRows } from './prepare-rows.ts';
import { keepWaitedFor, waitForLostImport } from './wait-for-lost-import.ts';

/** An agent's word moves the contact's last disposition and the agent's own fields within less than this. */
const agentsFieldsMs = 60_000;

/**
 * Null when no agent was faster. An agent's word stands; where an import of the row may have taken effect after it, or may
 * do so yet, it is put back.
 */
export async function yieldToAgent(five9: Five9, found: FoundRow): Promise<DeliveryAnswer | null> {
  const { row, contact } = found;
  const agent = agentWasFaster(five9, row, contact);
  if (!agent || !row.inDoubt || five9.deps.ignoresIdempotency) return agent;
  const wait = waitForLostImport(five9, row);
  if (wait) return wait;
  return spokeLast(five9, found, agent) || isBack(five9, found, agent) ? agent : putBack(five9, found, agent);
}

/**
 * Looks once more at the contacts of rows whose import is through: an agent may have spoken after they were read, and our
 * import has then set or reset what the agent said. The agent's fields of a contact are moved by agents alone.
 *
 * @param putBackAt the time of the agent's word that this import put back; empty where it brought our own
 */
export async function yieldToAgents(
  five9: Five9,
  answers: Answers,
  rows: readonly WriteBack[],
  putBackAt: string,
): Promise<void> {
  if (!watchesAgents(five9) || five9.deps.ignoresIdempotency) return;
  const through = rows.filter((row) => {
    const answer = answers.get(row.id);
    if (putBackAt === '' || answer?.kind !== 'refused') return answer?.kind === 'done';
    tellNotPutBack(five9, row, answer.why);
    answers.set(row.id, { kind: 'retry', why: answer.why, inDoubt: true });
    return true;
  });
  const seen: Answers = new Map();
  await prepareRows(
    five9,
    seen,
    through,
    () => true,
    (row, found) => {
      const agent = agentWasFaster(five9, row, found.contact, putBackAt);
      if (agent) {
        const stands = agent.at <= putBackAt || spokeLast(five9, found, agent);
        return stands ? agent : putBack(five9, found, agent);
      }
      noteShown(five9, found);
      return putBackAt ? { kind: 'retry', why: "the agent's word does not show any more", inDoubt: true } : null;
    },
  );
  // A contact that can't be found any more speaks against nothing.
  for (const [id, answer] of seen) if (answer.kind !== 'refused') answers.set(id, answer);
}

/**
 * True when the contact proves that the agent spoke after our import. Only a disposition shows: the reset that comes with a
 * callback leaves no trace, and not every domain need show imports.
 */
function spokeLast(five9: Five9, { row, contact }: FoundRow, agent: Overtaken): boolean {
  const { lastDisposition, lastDispositionAt } = five9.config.fields;
  if (row.aspect !== 'disposition' || !five9.memory.showsDispositions || !contact) return false;
  const times = timesInContact(five9, contact, lastDispositionAt);
  return contact[lastDisposition ?? ''] === agent.disposition && times.includes(agent.at);
}

/**
 * True when the agent's word shows as put back: the answer to that import was lost, and it took effect all the same. It is
 * sent only when no import of the row can be under way any more, so what shows since then is it. Of one that a process sent
 * which has died we know no time, but only it sets the agent's disposition without the agent.
 */
function isBack(five9: Five9, { row, contact }: FoundRow, agent: Overtaken): boolean {
  const { lastDisposition, lastDispositionAt } = five9.config.fields;
  if (contact?.[lastDisposition ?? ''] !== agent.disposition) return false;
  const at = Date.parse(timesInContact(five9, contact, lastDispositionAt).at(-1) ?? '');
  const agentsAt = Date.parse(agent.at);
  const sentFrom = five9.memory.doubts.get(row.id)?.until;
  const isSince = sentFrom !== undefined && at > agentsAt && at + 999 >= sentFrom;
  return isSince || at - agentsAt >= agentsFieldsMs;
}

function noteShown(five9: Five9, { row, contact }: FoundRow): void {
  const { desired } = row;
  if (desired.aspect !== 'disposition' || shownSince(five9, row, desired.disposition, contact) === null) return;
  five9.memory.showsDispositions = true;
}

/** An import of its own, so that its receipt tells the time of the word. */
async function putBack(five9: Five9, { row, keyField, key }: FoundRow, agent: Overtaken): Promise<DeliveryAnswer> {
  const { campaign } = row.target;
  // Without a campaign no import of ours has touched a disposition.
  if (!campaign) return agent;
  try {
    const columns = [{ field: keyField, isKey: true }];
    const identifier = await five9.imports.updateDispositions(campaign, columns, [[key, agent.disposition]], false);
    forgetDoubts(five9, [row]);
    const at = new Date(five9.deps.clock.now() + firstLookMs).toISOString();
    return { kind: 'submitted', receipt: writeReceipt('disp', identifier, 1, agent.at), at };
  } catch (error) {
    const answer = answerOfError(five9, error);
    if (answer.kind === 'refused') {
      tellNotPutBack(five9, row, answer.why);
      return agent;
    }
    if (answer.kind !== 'retry') return answer;
    // Nothing of ours is under way but the agent's own word, which is looked for.
    keepWaitedFor(five9, row);
    return { ...answer, inDoubt: row.inDoubt };
  }
}

function tellNotPutBack({ id, deps }: Five9, { correlationId }: WriteBack, reason: string): void {
  const hint = "Set the agent's disposition of this call by hand, as the call log has it.";
  deps.log.warn({ dialer: id, correlationId, reason, hint }, "an agent's disposition may be overwritten by ours");
}
