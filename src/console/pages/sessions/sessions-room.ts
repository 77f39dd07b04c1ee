import { isAtLeast } from '../../../domain/roles.ts';
import { auditLogIn } from '../../auth/audit-log-in.ts';
import { browserName } from '../../auth/browser-name.ts';
import { listSessions, type OpenSession } from '../../auth/open-sessions.ts';
import { button } from '../../components/field.ts';
import { table } from '../../components/table.ts';
import { ago, clockOf, time } from '../../components/time.ts';
import { form } from '../../form.ts';
import { html, type Renderable } from '../../html.ts';
import type { ActionAnswer, ActionQuestion, ConsoleUser, Question, Room, View } from '../../page.ts';

/** Who is logged in: everybody sees and ends their own sessions, admins all. */
export const sessionsRoom: Room = {
  pages: [{ path: 'sessions', least: 'viewer', render: renderSessions }],
  actions: [{ path: 'sessions/end', least: 'viewer', run: endSession }],
};

async function renderSessions(question: Question): Promise<View> {
  const { deps, user } = question;
  const sessions = await listSessions(deps, isAtLeast(user.role, 'admin') ? {} : { user: user.name });
  const seesAll = isAtLeast(user.role, 'admin');
  const head = [...(seesAll ? ['User', 'Role'] : []), 'Browser', 'Address', 'Log-in', 'Since', 'Last click', ''];
  return {
    title: seesAll ? 'Who is logged in' : 'Where you are logged in',
    body: html`<p class="quiet">A session ends ${deps.console.session.idleMin} minutes after the last click, and
${deps.console.session.maxHours} hours after the log-in. One that you do not know: end it, and change the password.</p>
${table({
  caption: 'Sessions',
  head: head.map((title) => (title === '' ? { title: 'End', isTitleHidden: true } : title)),
  rows: sessions.map((session) => rowOf(question, session, seesAll)),
  empty: 'Nobody is logged in.',
})}`,
  };
}

function rowOf(question: Question, session: OpenSession, seesAll: boolean): Renderable[] {
  const clock = { ...clockOf(question), now: session.now };
  const { user, role, browser, address, how, createdAt, seenAt, idHash } = session;
  const end = form(
    'sessions/end',
    html`<input type="hidden" name="session" value="${idHash}">${button(html`End<span class="heard"> the session of ${user} in ${browserName(browser)}</span>`)}`,
  );
  return [
    ...(seesAll ? [user, role] : []),
    html`<span title="${browser}">${browserName(browser)}</span>`,
    address,
    how === 'oidc' ? (question.deps.console.oidc?.label ?? 'Single sign-on') : 'Password',
    time(createdAt, clock),
    ago(seenAt, clock),
    end,
  ];
}

async function endSession({ deps, user, form: fields }: ActionQuestion): Promise<ActionAnswer> {
  const idHash = fields.session?.[0] ?? '';
  const session = (await listSessions(deps, {})).find((each) => each.idHash === idHash);
  if (!session || !mayEnd(user, session)) return { kind: 'see', path: 'sessions', notice: 'It is over already.' };
  await deps.store.endSessions({ idHash });
  const details = { address: session.address, browser: browserName(session.browser) };
  await auditLogIn(deps, { by: user.name, act: 'session-ended', subject: session.user, details });
  return { kind: 'see', path: 'sessions', notice: `The session of ${session.user} is over.` };
}

function mayEnd(user: ConsoleUser, session: OpenSession): boolean {
  return session.user === user.name || isAtLeast(user.role, 'admin');
}
