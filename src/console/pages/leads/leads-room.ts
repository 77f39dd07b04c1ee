import { instantOf } from '../../../domain/clock.ts';
import type { Lead } from '../../../domain/lead.ts';
import { address } from '../../address.ts';
import { notice } from '../../components/notice.ts';
import { isNumberKey, maskedKey, maskedPhone } from '../../components/phone.ts';
import { table } from '../../components/table.ts';
import { type Html, html } from '../../html.ts';
import type { Action, Page, Room } from '../../page.ts';
import { readNumber } from '../../read-number.ts';
import { leadBody, leadIn, leadPage, leadPath, titleOf } from './lead-page.ts';
import { finder, leadsPage } from './leads-page.ts';

/** The way from a form to the page of a lead. */
const byKey: Page = {
  path: 'leads/by-key',
  least: 'viewer',
  async render(question) {
    const { deps, query } = question;
    const lead = await deps.store.leadByKey(query.dialer ?? '', query.key ?? '');
    const body = html`${finder(question, [...deps.dialers.keys()])}
${notice('No lead of this key is held.', 'info', 'Only leads of the lists that are synced are. Is the dialer the right one?')}
<p><a href="${address('leads')}">Leads and sync</a></p>`;
    return { title: 'Lead', body, ...(lead && { see: leadPath(lead) }) };
  },
};

const find: Action = {
  path: 'leads/find',
  least: 'operator',
  async run(question) {
    const { deps, form } = question;
    const told = form.number?.[0] ?? '';
    const phone = readNumber(deps, told);
    const leads = phone ? await deps.store.leadsByPhone(phone) : [];
    const found = phone
      ? leadTable(leads)
      : notice('That can’t be read as one number.', 'warn', 'Write it with + and its country code.');
    const body = html`${finder(question, [...deps.dialers.keys()], told)}${found}<p><a href="${address('leads')}">Leads and sync</a></p>`;
    return { kind: 'show', view: { title: 'Leads of a number', body }, status: phone ? 200 : 400 };
  },
};

const sync: Action = {
  path: 'leads/sync',
  least: 'operator',
  async run({ deps, form, user }) {
    const dialer = form.dialer?.[0] ?? '';
    const isFull = form.full?.[0] === 'yes';
    if (!deps.sync || !deps.dialers.get(dialer)?.readLeads) {
      return { kind: 'see', path: 'leads', notice: 'There are no leads to read there.', tone: 'warn' };
    }
    const details = { full: String(isFull) };
    await deps.store.appendAudit({
      at: instantOf(deps.clock),
      by: user.name,
      act: 'leads-sync',
      subject: dialer,
      details,
    });
    deps.sync.begin(dialer, { by: user.name, isFull });
    return { kind: 'see', path: 'leads', notice: `The leads of ${dialer} are being read.` };
  },
};

/** The numbers of one lead, for one look: who asked for it is on record. */
const number: Action = {
  path: 'leads/:dialer/:key/number',
  least: 'operator',
  async run(question) {
    const { deps, user } = question;
    const lead = await leadIn(question);
    if (!lead) return { kind: 'see', path: 'leads', notice: 'There is no such lead.', tone: 'warn' };
    // The audit log holds no number.
    const key = isNumberKey(lead.key, lead.phones) ? deps.hashNumber(lead.phones[0] ?? lead.key) : lead.key;
    const subject = `${lead.dialer} ${key}`;
    const entry = { by: user.name, act: 'number-shown', subject, details: { where: 'leads' } };
    await deps.store.appendAudit({ at: instantOf(deps.clock), ...entry });
    return { kind: 'show', view: { title: titleOf(lead), body: await leadBody(question, lead, true) } };
  },
};

/** Which leads are held, and how they come. */
export const leadsRoom: Room = {
  nav: { title: 'Leads', path: 'leads' },
  pages: [leadsPage, byKey, leadPage],
  actions: [find, sync, number],
};

function leadTable(leads: readonly Lead[]): Html {
  return table({
    caption: 'Leads with this number',
    head: ['Lead', 'Dialer', 'List', 'Campaign', 'Numbers'],
    rows: leads.map((lead) => [
      html`<a href="${address(leadPath(lead))}">${maskedKey(lead.key, ...lead.phones)}</a>`,
      lead.dialer,
      lead.list,
      lead.campaign,
      lead.phones.map(maskedPhone).join(', '),
    ]),
    empty: 'No lead that is held has this number.',
  });
}
