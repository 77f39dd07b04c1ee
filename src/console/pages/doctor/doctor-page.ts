import { ourInstance } from '../../../domain/connector.ts';
import { isAtLeast, type Role } from '../../../domain/roles.ts';
import type { DoctorPicture, SeenCheck } from '../../../flows/doctor/doctor-desk.ts';
import { hideNumbers } from '../../../flows/support-bundle/hide-numbers.ts';
import { address } from '../../address.ts';
import { checkBadge } from '../../components/badge.ts';
import { disclosure } from '../../components/disclosure.ts';
import { button } from '../../components/field.ts';
import { panel } from '../../components/panel.ts';
import { emptyState } from '../../components/table.ts';
import { tabs } from '../../components/tabs.ts';
import type { PageClock } from '../../components/time.ts';
import { form } from '../../form.ts';
import { type Html, html, live } from '../../html.ts';
import { checkItem } from './check-item.ts';
import { type Filter, fitting, statuses } from './filter.ts';
import { type Looker, runFields } from './looker.ts';
import { runState } from './run-state.ts';
import { troublePanels } from './trouble-panels.ts';

export interface DoctorPageInput {
  picture: DoctorPicture;
  filter: Filter;
  role: Role;
  clock: PageClock;
}

/** Every check with what was found last, by instance, and the guides' troubleshooting judged by them. */
export function doctorPage({ picture, filter, role, clock }: DoctorPageInput): Html {
  const { checks, troubles, run } = picture;
  const looker: Looker = {
    mayRun: isAtLeast(role, 'operator'),
    clock,
    back: address('', { status: filter.status, instance: filter.instance }).replace(/^\/console\??/, ''),
    shown: role === 'viewer' ? hideNumbers : (text) => text,
    isBusy: run !== null && run.endedAt === null,
    since: run?.startedAt ?? '',
  };
  const owners = [...new Set(checks.map(({ owner }) => owner))];
  // Of one status, systems that have none of it are left out; their part stays, to be filled while a run goes on.
  const isShown = (owner: string) =>
    filter.instance === owner ||
    (filter.instance === '' && (filter.status === '' || fitting(checks, { ...filter, instance: owner }).length > 0));
  return html`
${live('doctor-run', runState(picture, looker))}
${live('doctor-filters', filters(checks, filter))}
${owners.map((owner) => live(`doctor-of-${owner}`, isShown(owner) ? ofOwner(owner, checks, filter, looker) : html``))}
${!owners.some(isShown) && emptyState('No check came out like this.')}
${live('doctor-troubles', filter.status === '' ? troublePanels(troubles, filter.instance, looker) : html``)}`;
}

/** How an instance is called in headings. */
export function nameOf(owner: string): string {
  return owner === ourInstance ? 'Patchbay itself, and across the systems' : owner;
}

function filters(checks: readonly SeenCheck[], filter: Filter): Html {
  const { status, instance } = filter;
  const count = (of: Filter) => fitting(checks, of).length;
  const byStatus = [
    {
      title: 'All',
      href: address('doctor', { instance }),
      isCurrent: status === '',
      count: count({ status: '', instance }),
    },
    ...statuses.map((each) => ({
      title: words[each],
      href: address('doctor', { status: each, instance }),
      isCurrent: status === each,
      count: count({ status: each, instance }),
    })),
  ];
  const owners = [...new Set(checks.map(({ owner }) => owner))];
  const byInstance = ['', ...owners].map((each) => ({
    title: each || 'Every system',
    href: address('doctor', { status, instance: each }),
    isCurrent: instance === each,
  }));
  return html`<div class="doctor-filters">${tabs('Results', byStatus)}${owners.length > 1 && tabs('Systems', byInstance)}</div>`;
}

const words = { fail: 'Failed', warn: 'Warnings', unknown: 'Unknown', ok: 'Ok' } as const;

function ofOwner(owner: string, checks: readonly SeenCheck[], filter: Filter, looker: Looker): Html {
  const own = fitting(checks, { ...filter, instance: owner });
  const all = checks.filter((check) => check.owner === owner);
  const again =
    looker.mayRun && !looker.isBusy && form('doctor/run', [runFields(owner, looker), button(`Run ${owner}`)]);
  const content = own.length > 0 ? list(owner, own, filter, looker) : emptyState(nothing(all, filter));
  return panel(nameOf(owner), content, { beside: again });
}

/** What is not ok first; what is ok is folded away, unless it was asked for. */
function list(owner: string, own: readonly SeenCheck[], { status }: Filter, looker: Looker): Html {
  const items = (checks: readonly SeenCheck[]) =>
    html`<ul class="checks">${checks.map((check) => checkItem(check, looker))}</ul>`;
  if (status !== '') return items(own);
  const isFine = ({ isAwaited, last }: SeenCheck) => !isAwaited && last?.checked.status === 'ok';
  const fine = own.filter(isFine);
  const others = own.filter((check) => !isFine(check));
  const folded =
    fine.length > 0 &&
    disclosure({
      id: `ok-of-${owner}`,
      summary: html`${checkBadge('ok')} ${fine.length} checks`,
      content: items(fine),
    });
  return html`${others.length > 0 && items(others)}${folded}`;
}

function nothing(all: readonly SeenCheck[], { status }: Filter): string {
  const isSeen = all.some(({ last }) => last !== null);
  if (!isSeen) return 'None of its checks was run since the service began.';
  return status === 'ok' ? 'None of its checks is ok.' : 'None of its checks came out like this.';
}
