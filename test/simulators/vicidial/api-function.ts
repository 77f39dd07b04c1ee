import type { VicidialDeps } from './deps.ts';
import type { Parameters } from './parameters.ts';
import { type Row, text } from './tables.ts';

export interface ApiRequest {
  parameters: Parameters;
  user: Row;
  userName: string;
  /** YYMMDD of the simulated release. */
  build: number;
}

export interface ApiAnswer {
  lines: readonly string[];
  /** The SQL broke: PHP 8.1 and later dies of it with status 500 and no body. */
  sqlFailed?: boolean;
}

/** One function of the Non-Agent API. */
export interface ApiFunction {
  /** YYMMDD of the first release that has it. */
  firstBuild: number;
  level: number;
  /** Columns of vicidial_users with the values that they must have. */
  rights: Readonly<Record<string, readonly string[]>>;
  /** The words of its own refusal, after PERMISSION TO. */
  permission: string;
  run(deps: VicidialDeps, request: ApiRequest): Promise<ApiAnswer>;
}

export function answer(...lines: string[]): ApiAnswer {
  return { lines };
}

export function hasRights(user: Row, wanted: Pick<ApiFunction, 'level' | 'rights'>): boolean {
  if (Number(user.user_level) < wanted.level) return false;
  return Object.entries(wanted.rights).every(([column, values]) => values.includes(text(user[column])));
}

/** `api_allowed_functions` is a list between blanks. */
export function mayCall(user: Row, name: string): boolean {
  const allowed = text(user.api_allowed_functions);
  return allowed.includes(' ALL_FUNCTIONS ') || allowed.includes(` ${name} `);
}

/** With `api_list_restrict` only the lists of the user group's campaigns are in reach. */
export async function mayUseList(deps: VicidialDeps, user: Row, listId: number): Promise<boolean> {
  if (text(user.api_list_restrict) !== '1') return true;
  const group = await deps.tables.first('SELECT allowed_campaigns FROM vicidial_user_groups WHERE user_group = ?', [
    text(user.user_group),
  ]);
  const allowed = text(group?.allowed_campaigns);
  if (allowed.includes('-ALL-CAMPAIGNS-')) return true;
  const list = await deps.tables.first('SELECT campaign_id FROM vicidial_lists WHERE list_id = ?', [listId]);
  return list !== undefined && allowed.includes(` ${text(list.campaign_id)} `);
}

/** How look-ups join their columns: `stage=csv|tab|newline`, else pipes. */
export function joinColumns(parameters: Parameters, columns: readonly string[]): string {
  const separators: Record<string, string> = { csv: ',', tab: '\t', newline: '\n' };
  return columns.join(separators[parameters.get('stage')] ?? '|');
}

/** What a look-up prints: a line with the names of its columns where that is asked for, then one line for each row. */
export function printed(
  parameters: Parameters,
  names: readonly string[],
  rows: readonly (readonly (string | number | null | undefined)[])[],
): ApiAnswer {
  const header = parameters.get('header') === 'YES' ? [joinColumns(parameters, names)] : [];
  const shown = rows.map((row) =>
    joinColumns(
      parameters,
      row.map((value) => text(value)),
    ),
  );
  return answer(...header, ...shown);
}
