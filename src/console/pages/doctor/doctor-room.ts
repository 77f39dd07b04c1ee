import { ConnectorError } from '../../../domain/errors.ts';
import { beginRun } from '../../../flows/doctor/begin-run.ts';
import { notice } from '../../components/notice.ts';
import { clockOf } from '../../components/time.ts';
import { html } from '../../html.ts';
import type { ActionAnswer, ActionQuestion, Download, Page, Room, View } from '../../page.ts';
import { doctorPage } from './doctor-page.ts';
import { filterOf } from './filter.ts';

const title = 'Doctor';

const page: Page = {
  path: 'doctor',
  least: 'viewer',
  live: { everyMs: 1000 },
  async render(question) {
    const { deps, user, query } = question;
    if (!deps.site) return withoutSite;
    const picture = await deps.site.doctor.picture();
    const filter = filterOf(query, picture.checks);
    return { title, body: doctorPage({ picture, filter, role: user.role, clock: clockOf(question) }) };
  },
};

const withoutSite: View = {
  title,
  body: notice(
    'This service was started without its command line, so it can’t look at the whole site.',
    'info',
    html`On the machine, run <code>npx patchbay doctor</code>.`,
  ),
};

/** What the doctor found, as data. Holds what the site's systems say of themselves, numbers of campaigns among it. */
const download: Download = {
  path: 'doctor.json',
  least: 'operator',
  async send({ deps }) {
    if (!deps.site) return null;
    const { checks, troubles, run } = await deps.site.doctor.picture();
    const found = checks.flatMap(({ last }) => (last ? [{ at: last.at, ...last.checked }] : []));
    const body = JSON.stringify({ run, checks: found, troubles }, null, 2);
    return { contentType: 'application/json', fileName: 'patchbay-doctor.json', body: `${body}\n` };
  },
};

export const doctorRoom: Room = {
  nav: { title, path: 'doctor' },
  pages: [page],
  actions: [{ path: 'doctor/run', least: 'operator', run: begin }],
  downloads: [download],
};

/** Back to the page as it was filtered, at the check that is run. */
async function begin({ deps, user, form }: ActionQuestion): Promise<ActionAnswer> {
  const only = form.only?.[0] ?? '';
  const back = (form.back?.[0] ?? '').replace(/[^a-z0-9=&_.:-]/gi, '');
  const path = `doctor${back && `?${back}`}`;
  if (!deps.site) return { kind: 'see', path };
  try {
    await beginRun(deps, deps.site.doctor, { only, by: user.name });
    return { kind: 'see', path };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return { kind: 'see', path, notice: `${error.message}. ${error.hint}`, tone: 'warn' };
  }
}
