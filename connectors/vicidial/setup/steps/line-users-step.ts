import type { MadeThing, PlannedChange, SetupRun, SetupStep, UndoAnswer } from '../../../../src/domain/setup.ts';
import { lineUser } from '../../line-users.ts';
import { readUsers, type SiteSetUp } from '../../tables/site-set-up.ts';
import { placeholders } from '../snippets/site.ts';
import { wantedAgents } from '../wanted-agents.ts';
import { change, noted, type StepSite, whyNot } from './step-site.ts';
import { fenced, table } from './step-text.ts';

/** Longer lists are cut in the text; the plan names them all. */
const mostShown = 20;

/** A user for each line: calls go without, but reports and `agent_status` know no line that is no user. */
export function lineUsersStep(site: StepSite): SetupStep {
  const { config, database, deps } = site.vicidial;

  function wanted(found: SiteSetUp | null): string[] {
    const agents = wantedAgents(config, found).filter(({ user }) => /^\d+$/.test(user));
    const users = agents.flatMap(({ user, lines }) =>
      Array.from({ length: Math.max(1, lines) }, (_, line) => lineUser(user, line)),
    );
    return [...new Set(users)];
  }

  /** Users that are missing, and the group that they go to: that of the API user. Null without the tables. */
  async function look(): Promise<{ all: string[]; missing: string[]; group: string } | null> {
    const found = await site.read();
    if (!found || !database) return null;
    const all = wanted(found);
    const there = await readUsers(database, [...all, config.api.user]);
    const missing = all.filter((user) => !there.some((each) => each.user === user));
    return { all, missing, group: there.find(({ user }) => user === config.api.user)?.group ?? '' };
  }

  async function plan(): Promise<PlannedChange[]> {
    const seen = await look();
    if (!seen) {
      const detail = 'without the tables nobody can see which users there are: make them as the runbook says';
      return [{ what: 'line users', state: 'blocked', detail }];
    }
    const { all, missing, group } = seen;
    if (all.length === 0) {
      const detail = 'no remote agent is known yet: name it in `remoteAgents`, or make it in VICIdial';
      return [{ what: 'line users', state: 'blocked', detail }];
    }
    if (missing.length === 0) {
      return [{ what: 'line users', state: 'there', detail: `all ${all.length} lines have their users` }];
    }
    const why = group ? await whyNot(site, 'add_user') : `the API user ${config.api.user} does not exist yet`;
    return missing.map((user) => ({
      what: `user ${user}`,
      state: why ? 'blocked' : 'missing',
      detail: why || `made in user group ${group}, level 1, with a password that nobody is told`,
    }));
  }

  async function apply(run: SetupRun): Promise<void> {
    const seen = await look();
    for (const user of seen?.missing ?? []) {
      await noted(run, `user ${user}`, { user }, () =>
        change(site, 'add_user', {
          agent_user: user,
          // Nobody ever logs in with it.
          agent_pass: deps
            .newId()
            .replace(/[^A-Za-z0-9]/g, '')
            .slice(0, 20),
          agent_user_level: '1',
          agent_full_name: `AI line ${user}`,
          agent_user_group: seen?.group ?? '',
        }),
      );
    }
  }

  async function undo({ undoData }: MadeThing): Promise<UndoAnswer> {
    const user = String(undoData.user ?? '');
    if (database && (await readUsers(database, [user])).length === 0) return { kind: 'gone' };
    return { kind: 'by-hand', what: `The API deletes no users: Admin → Users → ${user} → Delete.` };
  }

  return {
    id: 'line-users',
    title: "Users for the remote agents' lines",
    kind: 'api',
    phase: 'dialer',
    checks: ['users.lines'],
    async describe() {
      const found = await site.seen();
      const users = wanted(found);
      const shown = users.length > 0 ? users : [placeholders.lineUser, `${placeholders.lineUser} + 1`];
      const rows = shown.slice(0, mostShown).map((user) => [user, `AI line ${user}`, '1', "the API user's group", 'Y']);
      return [
        '_Admin → Users → Add A New User_, one for each line of each remote agent. They need no phone and no rights, and a long random password each: nobody logs in with it, nor shall anybody guess it.',
        table(['User Number', 'Full Name', 'User Level', 'User Group', 'Active'], rows),
        ...(shown.length > mostShown ? [`… and so on up to ${shown.at(-1)}.`] : []),
        ...(users.length === 0 ? [`Replace ${placeholders.lineUser} by a number that is nobody's user.`] : []),
        'In list form:',
        fenced(shown.join(' ')),
      ].join('\n\n');
    },
    plan,
    apply,
    undo,
  };
}
