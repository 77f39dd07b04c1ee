import { type ApiAnswer, type ApiFunction, type ApiRequest, answer, joinColumns, mayUseList } from './api-function.ts';
import type { VicidialDeps } from './deps.ts';
import { filters } from './filters.ts';
import { text } from './tables.ts';
import { addToHopper, isOutsideCallTime } from './update-lead.ts';

/** What steers the dialer or shows its set-up. */
export const steeringFunctions = {
  hopper_bulk_insert: {
    firstBuild: 250720,
    level: 8,
    rights: { vdc_agent_api_access: ['1'], modify_campaigns: ['1'] },
    permission: 'INSERT INTO HOPPER',
    run: hopperBulkInsert,
  },
  update_remote_agent: {
    firstBuild: 240703,
    level: 8,
    rights: { vdc_agent_api_access: ['1'], modify_remoteagents: ['1'] },
    permission: 'UPDATE REMOTE AGENTS',
    run: updateRemoteAgent,
  },
  update_list: {
    firstBuild: 110306,
    level: 8,
    rights: { vdc_agent_api_access: ['1'], modify_lists: ['1'] },
    permission: 'UPDATE LISTS',
    run: updateList,
  },
  campaigns_list: {
    firstBuild: 200815,
    level: 8,
    rights: { vdc_agent_api_access: ['1'], view_reports: ['1'] },
    permission: 'GET CAMPAIGN INFO',
    run: campaignsList,
  },
} satisfies Record<string, ApiFunction>;

/** Also takes leads whose status is not dialable. */
async function hopperBulkInsert(deps: VicidialDeps, { parameters, userName }: ApiRequest): Promise<ApiAnswer> {
  const ids = parameters.get('lead_ids').split(',').map(filters.digits).filter(Boolean).slice(0, 1000);
  const priority = Number(parameters.get('hopper_priority')) || 0;
  const lines: string[] = [];
  let good = 0;
  for (const id of ids) {
    const lead = await deps.tables.first('SELECT * FROM vicidial_list WHERE lead_id = ?', [Number(id)]);
    const there = await deps.tables.first('SELECT 1 FROM vicidial_hopper WHERE lead_id = ?', [Number(id)]);
    const isLate = lead !== undefined && (await isOutsideCallTime(deps, parameters, lead));
    if (!lead || there || isLate) {
      const why = !lead ? 'LEAD NOT FOUND' : there ? 'LEAD IS ALREADY IN THE HOPPER' : 'OUTSIDE OF LOCAL CALL TIME';
      lines.push(`NOTICE: hopper_bulk_insert NOT ADDED TO HOPPER, ${why} - ${id}|${userName}`);
      continue;
    }
    await addToHopper(deps, lead, priority);
    good += 1;
    lines.push(`NOTICE: hopper_bulk_insert ADDED TO HOPPER - ${text(lead.phone_number)}|${id}|${userName}`);
  }
  const counts = `${good}|${ids.length - good}|${ids.at(-1) ?? ''}|${userName}`;
  lines.push(`SUCCESS: hopper_bulk_insert LEADS HAVE BEEN INSERTED INTO THE HOPPER - ${counts}`);
  return answer(...lines);
}

/** Up to 999 lines are accepted, and stored as 255. */
async function updateRemoteAgent(deps: VicidialDeps, { parameters, userName }: ApiRequest): Promise<ApiAnswer> {
  const agent = filters.code(parameters.get('agent_user'));
  const row = await deps.tables.first('SELECT * FROM vicidial_remote_agents WHERE user_start = ?', [agent]);
  if (!row) return answer(`ERROR: update_remote_agent REMOTE AGENT NOT FOUND: |${userName}|${agent}|`);
  const lines: string[] = [];
  const changes: Record<string, string | number> = {};
  const status = parameters.get('status');
  if (status === 'ACTIVE' || status === 'INACTIVE') {
    if (text(row.status) === status)
      lines.push(`NOTICE: update_remote_agent REMOTE AGENT IS ALREADY ${status} - ${userName}|${agent}|`);
    changes.status = status;
  }
  const lineCount = Number(filters.digits(parameters.get('number_of_lines')));
  if (lineCount >= 1 && lineCount <= 999) changes.number_of_lines = lineCount;
  const campaign = filters.code(parameters.get('campaign_id'));
  if (campaign) changes.campaign_id = campaign;
  if (Object.keys(changes).length === 0)
    return answer(`ERROR: update_remote_agent YOU MUST USE ALL REQUIRED FIELDS - ${userName}|${agent}|`);
  const rows = await deps.tables.change('UPDATE vicidial_remote_agents SET ? WHERE user_start = ?', [changes, agent]);
  if (rows > 0) lines.push(`SUCCESS: update_remote_agent REMOTE AGENT HAS BEEN UPDATED - ${userName}|${agent}|`);
  return answer(...lines);
}

/** A reset alone is told by notices only, after one that says that nothing else was to be changed. */
async function updateList(deps: VicidialDeps, { parameters, user, userName }: ApiRequest): Promise<ApiAnswer> {
  const listId = filters.digits(parameters.get('list_id'));
  const list = await deps.tables.first('SELECT * FROM vicidial_lists WHERE list_id = ?', [Number(listId)]);
  if (!list) return answer(`ERROR: update_list LIST DOES NOT EXIST - ${userName}|${listId}`);
  if (!(await mayUseList(deps, user, Number(listId))))
    return answer(`ERROR: update_list NOT AN ALLOWED LIST ID - ${userName}|${listId}`);
  const lines: string[] = [];
  const active = parameters.get('active');
  if (active === 'Y' || active === 'N') {
    await deps.tables.change('UPDATE vicidial_lists SET active = ? WHERE list_id = ?', [active, Number(listId)]);
    lines.push(`SUCCESS: update_list LIST HAS BEEN UPDATED - ${userName}|${listId}`);
  } else lines.push(`NOTICE: update_list NO UPDATES DEFINED - ${userName}|${listId}|`);
  if (parameters.get('reset_list') === 'Y') {
    const rows = await deps.tables.change("UPDATE vicidial_list SET called_since_last_reset = 'N' WHERE list_id = ?", [
      Number(listId),
    ]);
    await deps.tables.change('UPDATE vicidial_lists SET resets_today = resets_today + 1 WHERE list_id = ?', [
      Number(listId),
    ]);
    const kind = 'list-reset';
    deps.journal.note({
      kind,
      record: listId,
      campaign: text(list.campaign_id),
      value: String(rows),
      by: 'api',
      isChange: true,
    });
    lines.push(`NOTICE: update_list LEADS IN LIST HAVE BEEN RESET - ${userName}|${listId}|`);
  }
  return answer(...lines);
}

async function campaignsList(deps: VicidialDeps, { parameters, userName }: ApiRequest): Promise<ApiAnswer> {
  const wanted = filters.code(parameters.get('campaign_id'));
  const campaigns = await deps.tables.read('SELECT * FROM vicidial_campaigns ORDER BY campaign_id');
  const shown = campaigns.filter((campaign) => !wanted || text(campaign.campaign_id) === wanted);
  if (shown.length === 0)
    return answer(`ERROR: campaigns_list THERE ARE NO CAMPAIGNS TO VIEW: |${userName}|${wanted}|`);
  const columns = ['campaign_id', 'campaign_name', 'active', 'dial_method', 'dial_statuses', 'auto_dial_level'];
  return answer(
    ...shown.map((row) =>
      joinColumns(
        parameters,
        columns.map((name) => text(row[name])),
      ),
    ),
  );
}
