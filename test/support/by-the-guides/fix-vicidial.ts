import { runNamed } from './commands.ts';
import type { ByTheGuides, Fix } from './site.ts';

/** The pages of the admin, by their menus: the table behind each, and its fields as they are labelled. */
const pages: Readonly<Record<string, { table: string; key: string; fields: Readonly<Record<string, string>> }>> = {
  'Remote Agents': {
    table: 'vicidial_remote_agents',
    key: 'user_start',
    fields: { 'External Extension': 'conf_exten', 'Server IP': 'server_ip' },
  },
  Campaigns: {
    table: 'vicidial_campaigns',
    key: 'campaign_id',
    fields: {
      'Routing Extension': 'campaign_vdad_exten',
      'Campaign Recording': 'campaign_recording',
      'Use Internal DNC List': 'use_internal_dnc',
      'Dial Statuses': 'dial_statuses',
      'Dial Prefix': 'dial_prefix',
      'Start Call URL': 'start_call_url',
    },
  },
  Carriers: {
    table: 'vicidial_server_carriers',
    key: 'carrier_id',
    fields: { 'Dialplan Entry': 'dialplan_entry', 'Account Entry': 'account_entry' },
  },
};
const field = /Admin → (Remote Agents|Campaigns|Carriers) → (\w+) → (?:Detail → )?([A-Z][A-Za-z -]+): ([\w.]*\w)/g;

/** Enters what a text says, on the page and in the field that it names. */
export const enter: Fix = async ({ vicidial }, text) => {
  const named = [...text.matchAll(field)];
  if (named.length === 0) throw new Error(`no field is named: ${text}`);
  for (const [, page = '', row = '', label = '', value = ''] of named) {
    await change(vicidial, { page, row, label }, () => value);
  }
};

/** Changes the field that a text names, where its words say how. */
export function rewrite(how: (before: string, text: string, site: ByTheGuides) => string | Promise<string>): Fix {
  return async (site, text) => {
    const [named] = text.matchAll(field);
    if (!named) throw new Error(`no field is named: ${text}`);
    const [, page = '', row = '', label = ''] = named;
    await change(site.vicidial, { page, row, label }, (before) => how(before, text, site));
  };
}

/** `take DNC, XFER out` of statuses. */
export const takeOut = rewrite((before, text) => {
  const [, named = ''] = /take ([\w, ]+) out/.exec(text) ?? [];
  const out = named.split(', ');
  return before
    .split(' ')
    .filter((word) => !out.includes(word))
    .join(' ');
});

/** What the named command prints, as it stands there, with the operator's own key. */
export const pasteSnippet = rewrite(async (_before, text, site) => (await snippets(site, text)).at(0)?.text ?? '');

/** The extension at the remote agent, and the entry for the named pattern in the carrier that the guide has made. */
export const enterWithCarrier: Fix = async (site, text) => {
  await enter(site, text);
  const [, pattern = ''] = /an entry for (_\d+X\.)/.exec(text) ?? [];
  await enterSnippets(site, text);
  const [row] = await site.vicidial.sql(
    "SELECT dialplan_entry FROM vicidial_server_carriers WHERE carrier_id = 'SIGMA'",
  );
  if (!pattern || !String(row?.dialplan_entry).includes(`exten => ${pattern},`))
    throw new Error(`the snippet has no ${pattern}`);
};

/** Both texts that `snippets carrier` prints, in the carrier that the guide has made. */
export const enterSnippets: Fix = async (site, text) => {
  const printed = await snippets(site, text);
  const textOf = (name: string) => printed.find((each) => each.name === name)?.text ?? '';
  await site.vicidial.sql(
    "UPDATE vicidial_server_carriers SET account_entry = ?, dialplan_entry = ? WHERE carrier_id = 'SIGMA'",
    [textOf('carrier-account'), textOf('carrier-dialplan')],
  );
};

/** `make AGI(…) the first line`. */
export const firstLine = rewrite((before, text) => {
  const [, line = ''] = /make (AGI\(\S+\)) the first line/.exec(text) ?? [];
  const [, pattern = '', first = ''] = /^exten => (\S+?),1,(.*)$/.exec(before) ?? [];
  return `exten => ${pattern},1,${line}\nexten => ${pattern},n,${first}`;
});

/** `a section [Sigma], as \`…\` prints it`: under the name that is dialled. */
export const definePeer = rewrite(async (_before, text, site) => {
  const [, section = ''] = /a section (\[\w+\])/.exec(text) ?? [];
  const account = (await snippets(site, text)).find(({ name }) => name === 'carrier-account')?.text ?? '';
  return account.replace(/^\[\w+\]/, section);
});

/** The headers that are named, as the runbook has them: its carrier entries are those of the snippets. */
export const enterHeaders: Fix = async (site, text) => {
  if (!/Enter (X-\w+, )+X-\w+ in vicidial as the runbook/.test(text)) throw new Error(`no header is named: ${text}`);
  await enterSnippets(site, 'npx patchbay vicidial snippets carrier');
};

/** `Admin → Campaigns → SPRING → Statuses: add AIQUAL, AIWRON`. */
export const addStatuses: Fix = async ({ vicidial }, text) => {
  const named = [...text.matchAll(/Admin → Campaigns → (\w+) → Statuses: add ([\w, ]+)/g)];
  if (named.length === 0) throw new Error(`no status is named: ${text}`);
  for (const [, campaign = '', statuses = ''] of named) {
    for (const status of statuses.split(', ')) {
      await vicidial.sql('INSERT INTO vicidial_campaign_statuses (status, status_name, campaign_id) VALUES (?, ?, ?)', [
        status,
        status,
        campaign,
      ]);
    }
  }
};

/** Leads that were called before Patchbay ran are given a status by hand, on their list's page. */
export const giveStatus: Fix = async ({ vicidial }, text) => {
  const [, list = ''] = /by hand: Admin → Lists → (\d+)/.exec(text) ?? [];
  if (!list) throw new Error(`no list is named: ${text}`);
  await vicidial.sql("UPDATE vicidial_list SET status = 'NI' WHERE status = 'XFER' AND list_id = ?", [list]);
};

async function snippets(site: ByTheGuides, text: string): Promise<{ name: string; text: string }[]> {
  const printed = (await runNamed(site, text, true)).map((line) => JSON.parse(line) as { name: string; text: string });
  return printed.map((snippet) => ({
    ...snippet,
    text: snippet.text.replaceAll('PATCHBAY_CLIENT', 'script').replaceAll('PATCHBAY_API_KEY', 'pb_key'),
  }));
}

async function change(
  { sql }: Pick<ByTheGuides['vicidial'], 'sql'>,
  { page, row, label }: { page: string; row: string; label: string },
  how: (before: string) => string | Promise<string>,
): Promise<void> {
  const { table, key, fields } = pages[page] ?? { table: '', key: '', fields: {} };
  const column = fields[label];
  if (!column) throw new Error(`the page ${page} has no field "${label}"`);
  const [held] = await sql(`SELECT ${column} AS value FROM ${table} WHERE ${key} = ?`, [row]);
  if (!held) throw new Error(`the page ${page} has no ${row}`);
  await sql(`UPDATE ${table} SET ${column} = ? WHERE ${key} = ?`, [await how(String(held.value ?? '')), row]);
}
