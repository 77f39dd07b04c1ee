import {
  type ApiFunctionNeeds,
  apiFunctions,
  type FunctionUse,
  type UserRight,
  userRights,
} from '../../api/functions.ts';
import { fieldLines } from './remote-agent.ts';
import type { Site, Snippet } from './site.ts';

const uses: readonly { use: FunctionUse; what: string }[] = [
  { use: 'undo', what: 'to take an opt-out back' },
  { use: 'steer', what: 'for the commands push, lines and reset-list, and for the autopilot' },
  { use: 'test-call', what: 'for `npx patchbay call test`' },
  { use: 'setup', what: 'for `npx patchbay setup --apply`, where api.setupUser names no other user' },
];

/** The API user with the least rights that do the work. */
export function apiUserSnippet({ config }: Site): Snippet {
  const base = needsOf(baseUses(config));
  const campaigns = Object.keys(config.campaigns).filter((name) => name !== '*');
  const allowed = campaigns.length > 0 ? campaigns.join(' ') : 'the campaigns of the AI';
  const text = fieldLines([
    ['User Number', config.api.user],
    ['Password', 'letters and digits only, the same as api.pass in the configuration'],
    ['User Level', String(base.level)],
    ['User Group', `one of its own, with only ${allowed} in Allowed Campaigns`],
    ['Active', 'Y'],
    ...base.rights.map((right) => rightField(right)),
    ['API List Restrict', '1'],
    ['API Allowed Functions', base.functions.join(' ')],
  ]);
  const more = uses.map(({ use, what }) => {
    const { functions, rights } = needsOf([use]);
    const extra = rights.filter((right) => !base.rights.includes(right)).map((right) => rightField(right).join(' '));
    return `Also ${what}: functions ${functions.join(' ')}${extra.length > 0 ? `; ${extra.join(', ')}` : ''}.`;
  });
  return {
    name: 'api-user',
    where: 'Admin, Users: a user for Patchbay alone',
    text,
    notes: [
      ...more,
      'Agent API Active must be 1 (Admin, System Settings): live calls are hung up and transferred through it.',
      'Ten wrong passwords lock the user for 15 minutes. With IP lists switched on, put the address of Patchbay on the API list of its user group.',
    ],
  };
}

/** The uses that this site can't do without. */
export function baseUses({ database }: Pick<Site['config'], 'database'>): FunctionUse[] {
  return database ? ['results'] : ['results', 'api-only'];
}

/** Functions of these uses, with the highest level and all rights that they ask for. */
function needsOf(wanted: readonly FunctionUse[]): { functions: string[]; level: number; rights: UserRight[] } {
  const all = Object.entries<ApiFunctionNeeds>(apiFunctions).filter(([, { use }]) => wanted.includes(use));
  const rights = new Set(all.flatMap(([, needs]) => needs.rights));
  return {
    functions: all.map(([name]) => name),
    level: Math.max(...all.map(([, { level }]) => level)),
    rights: [...rights],
  };
}

function rightField(right: UserRight): [name: string, value: string] {
  const { label, value } = userRights[right];
  return [label, value];
}
