import type { Call } from '../../../domain/call.ts';
import { instantOf } from '../../../domain/clock.ts';
import { ConnectorError } from '../../../domain/errors.ts';
import { gatherCallPage } from '../../../flows/call-page.ts';
import { fetchTranscript } from '../../../flows/fetch-transcript.ts';
import { undoOptOut } from '../../../flows/undo-opt-out.ts';
import { notice } from '../../components/notice.ts';
import { html } from '../../html.ts';
import type { Action, ActionQuestion, Page, Question, View } from '../../page.ts';
import { callView } from './call-view.ts';
import { sightOf } from './sight.ts';

/** One call, live. */
export const callPage: Page = {
  path: 'calls/:id',
  least: 'viewer',
  render,
  live: { everyMs: 2000, callsOf: ({ params }) => [params.id ?? ''] },
};

async function render(question: Question): Promise<View | null> {
  const call = await callOf(question);
  if (!call) return null;
  const title = `Call ${call.correlationId}`;
  // A call may have been given several IDs before it was known to be one.
  if (call.correlationId !== question.params.id) return { title, body: html``, see: `calls/${call.correlationId}` };
  return callView({ page: await gatherCallPage(question.deps, call), sight: sightOf(question) });
}

/** The call of a page's path; null when none has this ID. */
export async function callOf({ deps, params }: Pick<Question, 'deps' | 'params'>): Promise<Call | null> {
  return deps.store.callById(params.id ?? '');
}

export const noSuchCall = {
  kind: 'show',
  status: 404,
  view: { title: 'No such call', body: html`<p>No call has this ID: it may have been erased.</p>` },
} as const;

/** Shows the numbers of one call, once, and writes down who asked. */
export const showNumber: Action = {
  path: 'calls/:id/number',
  least: 'operator',
  async run(question) {
    const call = await callOf(question);
    if (!call) return noSuchCall;
    await writeDown(question, call, 'number-shown');
    const page = await gatherCallPage(question.deps, call);
    const note = notice('The numbers of this call are shown. That you saw them is written down.', 'info');
    return { kind: 'show', view: callView({ page, sight: sightOf(question, true), note }) };
  },
};

/** Shows what was spoken, kept here or asked for now, and writes down who asked. */
export const showTranscript: Action = {
  path: 'calls/:id/transcript',
  least: 'operator',
  async run(question) {
    const call = await callOf(question);
    if (!call) return noSuchCall;
    const { deps } = question;
    await writeDown(question, call, 'transcript-read');
    try {
      const spoken = await fetchTranscript(deps, call);
      return {
        kind: 'show',
        view: callView({ page: await gatherCallPage(deps, call), sight: sightOf(question), spoken }),
      };
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.code === 'store_away') throw error;
      const note = notice(error.message, 'bad', error.hint);
      const view = callView({ page: await gatherCallPage(deps, call), sight: sightOf(question), note });
      return { kind: 'show', view, status: 502 };
    }
  },
};

/** Takes back what this call told of an opt-out, on a person's word. */
export const undoCallsOptOut: Action = {
  path: 'calls/:id/undo-opt-out',
  least: 'admin',
  async run(question) {
    const call = await callOf(question);
    if (!call) return noSuchCall;
    const { deps, user } = question;
    const [reason, saidBy] = [fieldOf(question, 'why'), fieldOf(question, 'said_by')];
    if (reason === '') {
      const note = notice('An opt-out is taken back for a reason.', 'bad', 'Write it down: it is kept for good.');
      const view = callView({ page: await gatherCallPage(deps, call), sight: sightOf(question), note });
      return { kind: 'show', view, status: 400 };
    }
    const why = saidBy ? `${reason} (on the word of ${saidBy})` : reason;
    const undone = await undoOptOut(deps, { call: call.correlationId, by: user.name, why });
    const path = `calls/${call.correlationId}`;
    if (undone.calls.length === 0)
      return { kind: 'see', path, notice: 'No opt-out of this call stands.', tone: 'warn' };
    const also = undone.standsStill ? ' It was told again meanwhile, and stands still.' : '';
    return { kind: 'see', path, notice: `The opt-out is taken back.${also}` };
  },
};

async function writeDown({ deps, user }: ActionQuestion, { correlationId }: Call, act: string): Promise<void> {
  await deps.store.appendAudit({ at: instantOf(deps.clock), by: user.name, act, subject: correlationId, details: {} });
}

/** The one value of a field of a form, without blanks around it. */
export function fieldOf({ form }: Pick<ActionQuestion, 'form'>, name: string): string {
  return (form[name]?.[0] ?? '').trim();
}
