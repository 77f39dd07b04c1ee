import { type ApiAnswer, type ApiFunction, type ApiRequest, answer } from './api-function.ts';
import type { VicidialDeps } from './deps.ts';
import { filters } from './filters.ts';

const needs = { level: 8, permission: 'CHANGE DNC NUMBERS' };

/** The DNC lists: system-wide (`SYSTEM_INTERNAL`), else of a campaign, which nothing checks. */
export const dncFunctions = {
  add_dnc_phone: { ...needs, firstBuild: 191113, rights: { modify_lists: ['1'] }, run: add },
  delete_dnc_phone: {
    ...needs,
    firstBuild: 240302,
    rights: { modify_lists: ['1'], delete_from_dnc: ['1'] },
    run: remove,
  },
} satisfies Record<string, ApiFunction>;

async function add(deps: VicidialDeps, request: ApiRequest): Promise<ApiAnswer> {
  const { phone, campaign, row, table, shown } = read(request);
  if (phone.length < 6 || !campaign) return answer(`ERROR: add_dnc_phone YOU MUST USE ALL REQUIRED FIELDS - ${shown}`);
  const rows = await deps.tables.change('INSERT IGNORE INTO ?? SET ?', [table, row]);
  // A number that is there already is refused, so nothing happened that the journal could tell.
  if (rows === 0) return answer(`ERROR: add_dnc_phone DNC NUMBER ALREADY EXISTS: |${shown}`);
  deps.journal.note({ kind: 'dnc', record: phone, campaign, value: 'listed', by: 'api', isChange: true });
  return answer(`SUCCESS: add_dnc_phone DNC NUMBER HAS BEEN ADDED - ${shown}`);
}

async function remove(deps: VicidialDeps, request: ApiRequest): Promise<ApiAnswer> {
  const { phone, campaign, row, table, shown } = read(request);
  if (phone.length < 6 || !campaign)
    return answer(`ERROR: delete_dnc_phone YOU MUST USE ALL REQUIRED FIELDS - ${shown}`);
  const conditions = Object.keys(row).map((column) => `${column} = ?`);
  const rows = await deps.tables.change(`DELETE FROM ${table} WHERE ${conditions.join(' AND ')}`, Object.values(row));
  if (rows === 0) return answer(`ERROR: delete_dnc_phone DNC NUMBER DOES NOT EXIST: |${shown}`);
  deps.journal.note({ kind: 'dnc-removed', record: phone, campaign, value: '', by: 'api', isChange: true });
  return answer(`SUCCESS: delete_dnc_phone DNC NUMBER HAS BEEN DELETED - ${shown}`);
}

/** The number is stored as its digits stand: `+1303…` becomes `1303…` and blocks nobody. */
function read({ parameters, userName }: ApiRequest) {
  const phone = filters.digits(parameters.get('phone_number'));
  const campaign = filters.code(parameters.get('campaign_id'));
  const isSystem = campaign === 'SYSTEM_INTERNAL';
  return {
    phone,
    campaign,
    table: isSystem ? 'vicidial_dnc' : 'vicidial_campaign_dnc',
    row: { phone_number: phone, ...(!isSystem && { campaign_id: campaign }) } as Record<string, string>,
    shown: `${userName}|${phone}|${campaign}`,
  };
}
