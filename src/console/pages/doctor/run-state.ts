import type { DoctorPicture } from '../../../flows/doctor/doctor-desk.ts';
import { address } from '../../address.ts';
import type { Tone } from '../../components/badge.ts';
import { button } from '../../components/field.ts';
import { meter } from '../../components/meter.ts';
import { notice } from '../../components/notice.ts';
import { stats } from '../../components/panel.ts';
import { duration, time } from '../../components/time.ts';
import { form } from '../../form.ts';
import { type Html, html } from '../../html.ts';
import { type Status, statuses } from './filter.ts';
import { type Looker, runFields } from './looker.ts';

/** How the last run went or how far this one is, and the button for the next. */
export function runState(picture: DoctorPicture, looker: Looker): Html {
  const { run, checks } = picture;
  if (looker.isBusy) return goingOn(picture, looker);
  const isAllUnseen = checks.every(({ last }) => last === null);
  return html`
${run?.fault && notice(`The last run broke off: ${run.fault}`, 'bad')}
${isAllUnseen && !run?.fault && notice('The doctor was not run since the service began.', 'info', looker.mayRun ? 'It looks at dialers, platforms and Patchbay itself, and changes nothing.' : 'An operator can run it.')}
${!isAllUnseen && figures(picture)}
<div class="doctor-run">
${looker.mayRun && form('doctor/run', [runFields('', looker), button('Run all checks', { look: 'primary' })])}
${run?.endedAt && !run.fault && html`<p class="quiet">Last run (${run.only || 'all'}) ${time(run.endedAt, looker.clock)}, by ${run.by}, in ${duration(run.tookMs)}</p>`}
${!isAllUnseen && looker.mayRun && html`<a href="${address('doctor.json')}" download>Save as JSON</a>`}
</div>`;
}

function goingOn({ run, checks }: DoctorPicture, { clock, back }: Looker): Html {
  const wanted = checks.filter(({ id, owner }) => !run?.only || owner === run.only || id === run.only);
  const done = wanted.filter(({ isAwaited }) => !isAwaited).length;
  const here = `/console/doctor${back && `?${back}`}`;
  return html`
${meter({ label: 'Running', value: done, max: wanted.length, text: `${done} of ${wanted.length} checks`, tone: 'busy' })}
<p class="quiet">${run?.by} began at ${time(run?.startedAt, clock, { seconds: true })}. It goes on when you leave this page.
<noscript><meta http-equiv="refresh" content="2"><a href="${here}">See what it has found by now</a></noscript></p>`;
}

const tones: Record<Status, Tone> = { fail: 'bad', warn: 'warn', unknown: 'info', ok: 'good' };
const labels: Record<Status, string> = { fail: 'failed', warn: 'warnings', unknown: 'unknown', ok: 'ok' };

function figures({ checks }: DoctorPicture): Html {
  return stats(
    statuses.map((status) => {
      const value = checks.filter(({ last }) => last?.checked.status === status).length;
      const tone = value > 0 || status === 'ok' ? { tone: tones[status] } : {};
      return { label: labels[status], value, href: address('doctor', { status }), ...tone };
    }),
  );
}
