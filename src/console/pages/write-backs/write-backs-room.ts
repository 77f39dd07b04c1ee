import { cancelWriteBacks } from '../../../flows/cancel-write-backs.ts';
import { previewReplay } from '../../../flows/preview-replay.ts';
import { failedOf, type ReplayAnswer, replayChosen, replayFailed } from '../../../flows/replay-write-backs.ts';
import type { Action, ActionAnswer, ActionQuestion, Room } from '../../page.ts';
import { cancelView, keptView } from './cancel-page.ts';
import { listPage } from './list-page.ts';
import { previewView } from './preview-page.ts';
import { writeBackPage } from './write-back-page.ts';

/** A badge that says as much says enough. */
const mostCounted = 1000;
/** More than these are not chosen by hand. */
const mostChosen = 100;

const chosen: Action = {
  path: 'write-backs/chosen',
  least: 'operator',
  async run(question) {
    const { deps, form } = question;
    const [dialer] = form.all ?? [];
    if (dialer) return showWhole(question, dialer);
    const ids = idsIn(question);
    if (ids.length === 0) {
      return { kind: 'see', path: 'write-backs', notice: 'Choose write-backs by their ticks first.', tone: 'warn' };
    }
    if (form.do?.[0] === 'cancel') {
      return { kind: 'show', view: cancelView(question, await deps.store.writeBacksById(ids)) };
    }
    return { kind: 'show', view: previewView(question, await previewReplay(deps, ids)) };
  },
};

const replay: Action = {
  path: 'write-backs/replay',
  least: 'operator',
  async run(question) {
    const { deps, form, user } = question;
    const answer = await replayChosen(deps, { ids: idsIn(question), mark: form.mark?.[0] ?? '', by: user.name });
    if (answer.kind === 'changed') {
      return { kind: 'show', view: previewView(question, answer.preview, { isAgain: true }), status: 409 };
    }
    return replayed(answer);
  },
};

const replayAll: Action = {
  path: 'write-backs/replay-all',
  least: 'operator',
  async run(question) {
    const { deps, form, user } = question;
    const dialer = form.dialer?.[0] ?? '';
    const answer = await replayFailed(deps, { dialer, mark: form.mark?.[0] ?? '', by: user.name });
    if (answer.kind === 'changed') return showWhole(question, dialer, true);
    const rest = answer.left ? ` ${answer.left.toLocaleString('en')} more are left: do it again for them.` : '';
    return replayed(answer, rest);
  },
};

const cancel: Action = {
  path: 'write-backs/cancel',
  least: 'operator',
  async run(question) {
    const { deps, form, user } = question;
    const ids = idsIn(question);
    const rows = await deps.store.writeBacksById(ids);
    const why = (form.why?.[0] ?? '').trim();
    if (!why) return { kind: 'show', view: cancelView(question, rows, 'Say why they are taken back.'), status: 400 };
    const done = await cancelWriteBacks(deps, { ids, by: user.name, why });
    if (done.kept.length > 0) return { kind: 'show', view: keptView(rows, done) };
    return { kind: 'see', path: 'write-backs?view=cancelled', notice: `${count(done.cancelled.length)} cancelled.` };
  },
};

/** What is to be written to the dialers, and how it stands. */
export const writeBacksRoom: Room = {
  nav: {
    title: 'Write-backs',
    path: 'write-backs',
    async badge(deps) {
      const failed = await deps.store.countWriteBacksUpTo({ states: ['dead', 'refused'], most: mostCounted });
      const sum = failed.reduce((total, each) => total + each.count, 0);
      return sum > 0 ? { count: sum, words: 'write-backs are dead or refused', tone: 'bad' } : null;
    },
  },
  pages: [listPage, writeBackPage],
  actions: [chosen, replay, replayAll, cancel],
};

async function showWhole(question: ActionQuestion, dialer: string, isAgain = false): Promise<ActionAnswer> {
  const { deps } = question;
  const failed = await failedOf(deps, dialer);
  const ids = failed.rows.map(({ id }) => id);
  const preview = await previewReplay(deps, ids);
  const whole = { dialer, count: failed.count, taken: failed.ids.length };
  return { kind: 'show', view: previewView(question, preview, { isAgain, whole }), status: isAgain ? 409 : 200 };
}

function replayed({ chosen: asked, due }: Extract<ReplayAnswer, { kind: 'done' }>, rest = ''): ActionAnswer {
  const dropped = asked - due;
  const others = dropped > 0 ? ` ${count(dropped)} not wanted any more, and not sent.` : '';
  const notice = `${count(due)} due again.${others}${rest}`;
  return { kind: 'see', path: 'write-backs?view=waiting', notice, tone: due > 0 ? 'good' : 'warn' };
}

function count(many: number): string {
  return many === 1 ? '1 write-back is' : `${many.toLocaleString('en')} write-backs are`;
}

function idsIn({ form }: ActionQuestion): string[] {
  return [...new Set(form.id ?? [])].slice(0, mostChosen);
}
