import type { PlannedChange, SetupStep } from '../../../../src/domain/setup.ts';
import { readUserRights } from '../../tables/site-set-up.ts';
import { change, type StepSite } from './step-site.ts';

const byHand = '_Admin → Carriers_, open the carrier of the platform and submit it once more';

/** The dialers write their configuration anew: a carrier that was saved in any other way than by its page waits for it. */
export function rebuildStep(site: StepSite): SetupStep {
  const { database } = site.vicidial;

  async function waiting(): Promise<string[] | null> {
    const found = await site.read();
    return found
      ? found.servers.filter(({ isActive, isRebuilding }) => isActive && isRebuilding).map(({ ip }) => ip)
      : null;
  }

  /** Nothing can be asked for without doing it, so the user's own columns are looked at. */
  async function whyNotRefresh(): Promise<string> {
    const [user] = database ? await readUserRights(database, site.apiUser) : [];
    if (!user) return '';
    const may = user.functions.includes('ALL_FUNCTIONS') || user.functions.includes('server_refresh');
    if (user.level >= 8 && user.isAstAdmin && user.hasApiAccess && may) return '';
    return `${site.apiUser} may not call server_refresh (level 8, AGC Admin Access 1, Agent API Access 1). By hand: ${byHand}.`;
  }

  return {
    id: 'rebuild',
    title: 'The dialers take the carrier over',
    kind: 'api',
    phase: 'dialer',
    checks: [],
    describe: () =>
      `Saving the carrier has every dialer write its configuration anew within about a minute. If a dialer does not know the new entry after that: ${byHand}. \`setup --apply\` asks dialers that still wait once more (server_refresh).`,
    async plan(): Promise<PlannedChange[]> {
      const what = 'configuration of the dialers';
      const servers = await waiting();
      if (servers === null) {
        return [
          {
            what,
            state: 'blocked',
            detail: `without the tables nobody can see whether it is up to date. By hand: ${byHand}.`,
          },
        ];
      }
      if (servers.length === 0) return [{ what, state: 'there', detail: 'no dialer waits to write it anew' }];
      const why = await whyNotRefresh();
      if (why) return [{ what, state: 'blocked', detail: why }];
      return [
        {
          what,
          state: 'missing',
          detail: `${servers.join(', ')} wait to write it: server_refresh asks for it once more`,
        },
      ];
    },
    async apply() {
      // Nothing to take back: it changes no setting.
      if ((await waiting())?.length && !(await whyNotRefresh())) await change(site, 'server_refresh', {});
    },
  };
}
