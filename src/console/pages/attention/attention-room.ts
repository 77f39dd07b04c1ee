import { type Attention, type AttentionKind, attentionKinds } from '../../../domain/attention.ts';
import { instantOf } from '../../../domain/clock.ts';
import { ConnectorError } from '../../../domain/errors.ts';
import { chooseCall, leaveAttention } from '../../../flows/settle-ambiguity.ts';
import { writeAgain } from '../../../flows/write-again.ts';
import { address } from '../../address.ts';
import { notice } from '../../components/notice.ts';
import { clockOf } from '../../components/time.ts';
import { html } from '../../html.ts';
import type { Action, ActionAnswer, ActionQuestion, Room } from '../../page.ts';
import { attentionPage } from './attention-page.ts';
import { hasNumber } from './details.ts';
import { cardParts, itemCard } from './item-card.ts';

const mostCounted = 1000;

const choose: Action = {
  path: 'attention/choose',
  least: 'operator',
  run: (question) =>
    orWhy(async () => {
      const call = first(question, 'call');
      await chooseCall(question.deps, { key: first(question, 'key'), correlationId: call, by: question.user.name });
      const done = 'The conversation belongs to that call now. What follows from it is written.';
      return { kind: 'see', path: `calls/${encodeURIComponent(call)}`, notice: done };
    }),
};

const leave: Action = {
  path: 'attention/leave',
  least: 'operator',
  run: (question) =>
    orWhy(async () => {
      const why = first(question, 'why').trim();
      const kind = kindIn(question);
      if (!why || !kind)
        throw new ConnectorError('bad_request', 'nothing was settled', { hint: 'Say why it is left.' });
      await leaveAttention(question.deps, { key: first(question, 'key'), kind, why, by: question.user.name });
      return { kind: 'see', path: 'attention', notice: 'Settled. It is on the second tab now.' };
    }),
};

const again: Action = {
  path: 'attention/write-again',
  least: 'operator',
  run: (question) =>
    orWhy(async () => {
      const isDue = await writeAgain(question.deps, { key: first(question, 'key'), by: question.user.name });
      if (isDue) {
        return { kind: 'see', path: 'attention', notice: 'It is due again. The dialer is read before it is written.' };
      }
      const notice = 'Nothing was written: the call wants something else by now.';
      return { kind: 'see', path: 'attention', notice, tone: 'warn' };
    }),
};

/** The numbers of one thing, for one look: who asked for it is on record. */
const number: Action = {
  path: 'attention/number',
  least: 'operator',
  async run(question) {
    const { deps, user } = question;
    const kind = kindIn(question);
    const [item] = kind ? await deps.store.attentionNamed({ key: first(question, 'key'), kind }) : [];
    if (!item || !hasNumber(item)) return { kind: 'see', path: 'attention', notice: 'It is gone.', tone: 'warn' };
    const subject = item.correlationId || `${item.kind} ${item.key}`;
    const details = { where: 'attention', kind: item.kind };
    await deps.store.appendAudit({ at: instantOf(deps.clock), by: user.name, act: 'number-shown', subject, details });
    const parts = await cardParts(question, clockOf(question), [item]);
    const body = html`${itemCard(item, { ...parts(item), isRevealed: true })}
<p><a href="${address('attention')}">Back to what needs a person</a></p>`;
    return { kind: 'show', view: { title: 'Needs a person', body } };
  },
};

/** What needs a person, each with what can be done about it. */
export const attentionRoom: Room = {
  nav: {
    title: 'Attention',
    path: 'attention',
    async badge({ store }) {
      const kinds = await store.countAttention(mostCounted);
      const count = kinds.reduce((sum, kind) => sum + kind.count, 0);
      const isPressing = kinds.some(({ kind }) => kind === 'overdue-opt-out' || kind === 'unplaced-opt-out');
      return count > 0 ? { count, words: 'things need a person', tone: isPressing ? 'bad' : 'warn' } : null;
    },
  },
  pages: [attentionPage],
  actions: [choose, leave, again, number],
};

/** What can't be done says why, and what else can be. */
async function orWhy(work: () => Promise<ActionAnswer>): Promise<ActionAnswer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.retryable) throw error;
    const body = html`${notice(error.message, 'warn', error.hint)}
<p><a href="${address('attention')}">Back to what needs a person</a></p>`;
    return { kind: 'show', view: { title: 'Not done', body }, status: 409 };
  }
}

function first({ form }: ActionQuestion, name: string): string {
  return form[name]?.[0] ?? '';
}

function kindIn(question: ActionQuestion): AttentionKind | undefined {
  const told = first(question, 'kind');
  return attentionKinds.find((kind: Attention['kind']) => kind === told);
}
