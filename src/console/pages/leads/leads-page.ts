import { isAtLeast } from '../../../domain/roles.ts';
import { lastSync, type SyncRun } from '../../../flows/run-sync.ts';
import { address } from '../../address.ts';
import { badge } from '../../components/badge.ts';
import { definitions } from '../../components/definitions.ts';
import { button, field, select } from '../../components/field.ts';
import { bar } from '../../components/meter.ts';
import { panel } from '../../components/panel.ts';
import { emptyState } from '../../components/table.ts';
import { ago, clockOf, duration, type PageClock, time } from '../../components/time.ts';
import { form } from '../../form.ts';
import { type Html, html, live } from '../../html.ts';
import type { Page, Question } from '../../page.ts';

/** A run that tells nothing of itself for so long was cut off. */
const silentMs = 60_000;

/** Which leads are held, how they were read last, and the way to one of them. */
export const leadsPage: Page = {
  path: 'leads',
  least: 'viewer',
  live: { everyMs: 3000 },
  async render(question) {
    const { deps, user } = question;
    const dialers = [...deps.dialers.values()].filter(({ readLeads }) => readLeads);
    const clock = clockOf(question);
    const panels = await Promise.all(
      dialers.map(async ({ id }) => {
        const [run, place, since] = await Promise.all([
          lastSync(deps, id),
          deps.store.readCursor(`leads:${id}`),
          deps.store.readCursor(`leads-since:${id}`),
        ]);
        return syncPanel(question, clock, { id, run, isHalfRead: place !== '', readsChanges: since !== '' });
      }),
    );
    const body = html`${finder(question, [...deps.dialers.keys()])}
${live('syncs', html`<div class="columns">${panels}</div>`)}
${panels.length === 0 && emptyState('No dialer has leads to read. They are looked up call by call.')}
${!isAtLeast(user.role, 'operator') && html`<p class="quiet">What a lead’s fields hold is shown to operators.</p>`}`;
    return { title: 'Leads and sync', body };
  },
};

interface SyncState {
  id: string;
  run: SyncRun | null;
  isHalfRead: boolean;
  readsChanges: boolean;
}

function syncPanel({ deps, user }: Question, clock: PageClock, { id, run, isHalfRead, readsChanges }: SyncState): Html {
  const isRunning = run !== null && run.endedAt === null && !isSilent(run, clock);
  const next = deps.sync?.nextAt() ?? null;
  const reads = isHalfRead
    ? 'goes on where the last one was cut off'
    : readsChanges
      ? 'only what changed since the last one'
      : 'every lead';
  const facts = definitions([
    [
      'Leads held',
      run?.held !== undefined &&
        html`${run.held.toLocaleString('en')} <span class="quiet">when it was read last</span>`,
    ],
    ['Last sync', run ? html`${time(run.startedAt, clock)} (${ago(run.startedAt, clock)}), by ${run.by}` : 'never'],
    ['Took', run?.endedAt && duration(Date.parse(run.endedAt) - Date.parse(run.startedAt))],
    [
      'Read',
      run &&
        `${run.leads.toLocaleString('en')} leads in ${run.pages.toLocaleString('en')} pages${run.isFull ? ', every lead anew' : ''}`,
    ],
    ['Left out', run && rejectsOf(run)],
    ['Next sync', next && html`${time(next, clock)} (${ago(next, clock)})`],
    ['It reads', reads],
  ]);
  return panel(
    id,
    html`${run?.error && html`<p class="error">${run.error}</p>`}${run?.hint && html`<p class="hint">${run.hint}</p>`}
${isRunning && run && progress(run)}
${facts}
${isAtLeast(user.role, 'operator') && deps.sync !== null && !isRunning && beginForm(id)}`,
    { id: `sync-${id}`, beside: stateBadge(run, isRunning) },
  );
}

function isSilent({ seenAt }: SyncRun, { now }: PageClock): boolean {
  return Date.parse(now) - Date.parse(seenAt) > silentMs;
}

function stateBadge(run: SyncRun | null, isRunning: boolean): Html {
  if (!run) return badge('never read', 'info');
  if (isRunning) return badge('reading', 'busy');
  if (run.endedAt === null) return badge('cut off', 'warn');
  return run.error ? badge('failed', 'bad') : badge('read', 'good');
}

function progress({ leads, total, share }: SyncRun): Html {
  const part = total ? leads / total : share;
  const words = total ? `${leads.toLocaleString('en')} of ${total.toLocaleString('en')}` : leads.toLocaleString('en');
  return html`<p role="status">${words} leads read so far</p>${part !== undefined && bar(part, 1)}`;
}

function rejectsOf({ rejects }: SyncRun): string {
  return Object.entries(rejects)
    .map(([reason, count]) => `${count} × ${reason}`)
    .join(', ');
}

function beginForm(dialer: string): Html {
  return form(
    'leads/sync',
    html`<input type="hidden" name="dialer" value="${dialer}">
<div class="actions">${button(html`Sync now<span class="heard"> from ${dialer}</span>`, { look: 'primary' })}
${button(html`Read every lead anew<span class="heard"> from ${dialer}</span>`, { name: 'full', value: 'yes' })}</div>`,
  );
}

/** Looks for leads by their key, or by a number that must not stand in an address. */
export function finder({ user }: Question, dialers: readonly string[], told = ''): Html {
  const byNumber = isAtLeast(user.role, 'operator');
  return html`<form class="filters" method="get" action="${address('leads/by-key')}">
${select({ name: 'dialer', label: 'Dialer', options: [...dialers], value: dialers[0] })}
${field({ name: 'key', label: 'Key of the lead', type: 'search', isRequired: true, more: { autocomplete: 'off', maxlength: 191 } })}
${button('Open the lead')}
</form>
${byNumber && form('leads/find', html`${field({ name: 'number', label: 'Number', type: 'tel', value: told, isRequired: true, hint: 'With + and its country code, or as a dialer has it.', more: { autocomplete: 'off' } })}${button('Find leads')}`, 'filters')}`;
}
