import type { SetupStep } from '../../../../src/domain/setup.ts';
import { apiUserSnippet } from '../snippets/api-user.ts';
import { grantsSnippet } from '../snippets/grants.ts';
import { type StepSite, snippetSite } from './step-site.ts';
import { snippetText } from './step-text.ts';

/** The two accounts by which Patchbay reads and writes. */
export function accessSteps(site: StepSite): SetupStep[] {
  const { config } = site.vicidial;
  return [
    {
      id: 'grants',
      title: 'A database user that may read, and nothing else',
      kind: 'generated',
      phase: 'access',
      checks: ['database.reachable', 'database.tables', 'database.grants-too-many'],
      async describe() {
        if (!config.database) return noDatabase;
        return `${snippetText(grantsSnippet(await snippetSite(site)))}\n- The password goes into \`dialers.${site.vicidial.id}.database.password\`.`;
      },
    },
    {
      id: 'api-user',
      title: 'An API user with the rights that the work needs',
      kind: 'generated',
      phase: 'access',
      checks: [
        'api.reachable',
        'api.ip-list',
        'api.login',
        'api.rights',
        'api.rights-too-many',
        'api.lists',
        'agent-api.active',
      ],
      async describe() {
        const { setupUser } = config.api;
        const more = setupUser
          ? `- \`${setupUser}\` is used by \`setup --apply\` and \`setup undo\` alone. Take api.setupUser and api.setupPass out when you are through.`
          : '- `setup --apply` does what this user may do and says what is left. To let it do more, name an admin user in api.setupUser and api.setupPass until you are through.';
        return `${snippetText(apiUserSnippet(await snippetSite(site)))}\n${more}`;
      },
    },
  ];
}

const noDatabase =
  'Not needed: no database is configured, and everything is read through the API. With a database user that may SELECT, more can be seen and checked: leads are read ahead of their calls, and mappings are held against the statuses of the site.';
