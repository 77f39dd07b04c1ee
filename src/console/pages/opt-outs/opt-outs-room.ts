import { instantOf } from '../../../domain/clock.ts';
import { readOptOuts } from '../../../flows/watch-opt-outs.ts';
import { address } from '../../address.ts';
import { notice } from '../../components/notice.ts';
import { clockOf } from '../../components/time.ts';
import { html } from '../../html.ts';
import type { Action, Room } from '../../page.ts';
import { readNumber } from '../../read-number.ts';
import { finder, listPage, optOutTable } from './list-page.ts';
import { optOutBody, optOutPage, readOne } from './opt-out-page.ts';

const mostFound = 50;

const find: Action = {
  path: 'opt-outs/find',
  least: 'operator',
  async run(question) {
    const { deps, form } = question;
    const told = form.number?.[0] ?? '';
    const phone = readNumber(deps, told);
    const clocks = phone ? await readOptOuts(deps, { phone, limit: mostFound }) : [];
    const found = phone
      ? clocks.length > 0
        ? optOutTable(clocks, clockOf(question), false)
        : notice('No opt-out of this number is known.')
      : notice('That can’t be read as one number.', 'warn', 'Write it with + and its country code.');
    const body = html`${finder(told)}${found}<p><a href="${address('opt-outs')}">All opt-outs</a></p>`;
    return { kind: 'show', view: { title: 'Opt-outs of a number', body }, status: phone ? 200 : 400 };
  },
};

/** The numbers of one opt-out, for one look: who asked for it is on record. */
const number: Action = {
  path: 'opt-outs/number',
  least: 'operator',
  async run(question) {
    const { deps, form, user } = question;
    const told = await readOne(question, form.call?.[0] ?? '');
    if (!told) return { kind: 'see', path: 'opt-outs', notice: 'There is no such opt-out.', tone: 'warn' };
    const entry = { by: user.name, act: 'number-shown', subject: told.correlationId, details: { where: 'opt-outs' } };
    await deps.store.appendAudit({ at: instantOf(deps.clock), ...entry });
    const body = html`${optOutBody(told, clockOf(question), true)}<p><a href="${address('opt-outs')}">All opt-outs</a></p>`;
    return { kind: 'show', view: { title: 'Opt-out', body } };
  },
};

/** Do-not-call requests, and how fast each reached the dialers. */
export const optOutsRoom: Room = {
  nav: { title: 'Opt-outs', path: 'opt-outs' },
  pages: [listPage, optOutPage],
  actions: [find, number],
};
