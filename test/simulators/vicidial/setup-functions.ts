import { type ApiAnswer, type ApiFunction, type ApiRequest, answer } from './api-function.ts';
import type { VicidialDeps } from './deps.ts';
import { filters } from './filters.ts';
import { text } from './tables.ts';

/** What sets a site up. */
export const setupFunctions = {
  update_campaign: {
    firstBuild: 160603,
    level: 8,
    rights: { vdc_agent_api_access: ['1'], modify_campaigns: ['1'] },
    permission: 'UPDATE CAMPAIGNS',
    run: updateCampaign,
  },
  add_user: {
    firstBuild: 110424,
    level: 8,
    rights: { vdc_agent_api_access: ['1'], modify_users: ['1'] },
    permission: 'ADD USERS',
    run: addUser,
  },
  server_refresh: {
    firstBuild: 140211,
    level: 8,
    rights: { vdc_agent_api_access: ['1'], ast_admin_access: ['1'] },
    permission: 'REFRESH SERVERS',
    run: serverRefresh,
  },
} satisfies Record<string, ApiFunction>;

const dialMethods = 'MANUAL RATIO ADAPT_HARD_LIMIT ADAPT_TAPERED ADAPT_AVERAGE INBOUND_MAN'.split(' ');

async function updateCampaign(deps: VicidialDeps, { parameters, userName }: ApiRequest): Promise<ApiAnswer> {
  const id = filters.code(parameters.get('campaign_id'));
  if (!id) return answer(`ERROR: update_campaign YOU MUST USE ALL REQUIRED FIELDS - ${userName}|${id}`);
  const campaign = await deps.tables.first('SELECT * FROM vicidial_campaigns WHERE campaign_id = ?', [id]);
  if (!campaign) return answer(`ERROR: update_campaign CAMPAIGN DOES NOT EXIST - ${userName}|${id}`);

  const changes: Record<string, string> = {};
  const take = (name: string, isGood: (value: string) => boolean) => {
    const value = parameters.get(name);
    if (value !== '' && isGood(value)) changes[name] = value;
  };
  take('active', (value) => value === 'Y' || value === 'N');
  take('auto_dial_level', (value) => /^\d+(\.\d+)?$/.test(value));
  take('hopper_level', (value) => /^\d{1,6}$/.test(value));
  take('dial_method', (value) => dialMethods.includes(value));
  take('dial_timeout', (value) => /^\d{1,3}$/.test(value));
  take('campaign_vdad_exten', (value) => /^\d{3,20}$/.test(value));
  take('dispo_call_url', () => true);
  const statuses = dialStatuses(
    text(campaign.dial_statuses),
    filters.code(parameters.get('dial_status_add')),
    filters.code(parameters.get('dial_status_remove')),
  );
  if (statuses !== text(campaign.dial_statuses)) changes.dial_statuses = statuses;

  const lines: string[] = [];
  if (Object.keys(changes).length > 0) {
    await deps.tables.change('UPDATE vicidial_campaigns SET ? WHERE campaign_id = ?', [changes, id]);
    lines.push(`SUCCESS: update_campaign CAMPAIGN HAS BEEN UPDATED - ${userName}|${id}`);
    const value = Object.entries(changes)
      .map((change) => change.join('='))
      .join('&');
    deps.journal.note({ kind: 'campaign', record: id, campaign: id, value, by: 'api', isChange: true });
  } else lines.push(`NOTICE: update_campaign NO UPDATES DEFINED - ${userName}|${id}|`);
  if (parameters.get('reset_hopper') === 'Y') {
    await deps.tables.change('DELETE FROM vicidial_hopper WHERE campaign_id = ?', [id]);
    lines.push(`NOTICE: update_campaign HOPPER HAS BEEN RESET - ${userName}|${id}|`);
  }
  return answer(...lines);
}

/** ` NEW DROP -`: one status goes in or out. */
function dialStatuses(held: string, add: string, remove: string): string {
  const words = held.split(' ').filter((word) => word !== '' && word !== '-');
  const kept = words.filter((word) => word !== remove);
  if (add && !kept.includes(add)) kept.push(add);
  const isSame = kept.length === words.length && kept.every((word) => words.includes(word));
  return isSame ? held : ` ${kept.join(' ')} -`;
}

async function addUser(deps: VicidialDeps, { parameters, userName }: ApiRequest): Promise<ApiAnswer> {
  const user = filters.code(parameters.get('agent_user'));
  const pass = filters.code(parameters.get('agent_pass'));
  const level = filters.digits(parameters.get('agent_user_level'));
  const name = filters.name(parameters.get('agent_full_name'));
  const group = filters.code(parameters.get('agent_user_group'));
  if (user.length < 2 || pass.length < 2 || !level || !name || !group)
    return answer(`ERROR: add_user YOU MUST USE ALL REQUIRED FIELDS - ${userName}|${user}|${level}|${name}|${group}`);
  const groupRow = await deps.tables.first('SELECT 1 FROM vicidial_user_groups WHERE user_group = ?', [group]);
  if (!groupRow) return answer(`ERROR: add_user USER GROUP DOES NOT EXIST - ${userName}|${group}`);
  const there = await deps.tables.first('SELECT 1 FROM vicidial_users WHERE user = ?', [user]);
  if (there) return answer(`ERROR: add_user USER ALREADY EXISTS - ${userName}|${user}`);
  await deps.tables.insert('vicidial_users', { user, pass, full_name: name, user_level: level, user_group: group });
  deps.journal.note({ kind: 'user', record: user, value: group, by: 'api', isChange: true });
  return answer(`SUCCESS: add_user USER HAS BEEN ADDED - ${userName}|${user}|${level}|${name}|${group}`);
}

/** Every dialer writes its configuration anew: its keep-alive script does so within a minute. */
async function serverRefresh(deps: VicidialDeps, { userName }: ApiRequest): Promise<ApiAnswer> {
  const rows = await deps.tables.change("UPDATE servers SET rebuild_conf_files = 'Y' WHERE active = 'Y'");
  deps.journal.note({ kind: 'refresh', record: '', value: String(rows), by: 'api', isChange: true });
  return answer(`SUCCESS: server_refresh SERVER REFRESH HAS BEEN TRIGGERED - ${userName}|`);
}
