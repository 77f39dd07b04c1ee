import type { LiveCall } from './live-call.ts';
import { text } from './tables.ts';

/** Launched by the remote-agent daemon with a shell's wget: nobody reads the answer, nothing is tried again. */
export async function launchStartCallUrl(call: LiveCall, group: string): Promise<void> {
  const { deps, lead, line } = call;
  const template = await readTemplate(call, group);
  if (!template.startsWith('VAR')) return;
  const values: Record<string, string> = {
    lead_id: text(lead.lead_id),
    list_id: text(lead.list_id),
    phone_number: text(lead.phone_number),
    call_id: call.code,
    uniqueid: call.uniqueid,
    user: line,
    campaign: group,
    campaign_id: group,
    group,
    SQLdate: deps.time.local(),
    function: 'start_ra',
  };
  const url = template
    .slice('VAR'.length)
    .replace(/--A--(\w+)--B--/g, (whole, name: string) => values[name] ?? whole)
    .replaceAll(' ', '+');
  await deps.tables.change("UPDATE vicidial_log_extended SET start_url_processed = 'Y' WHERE uniqueid = ?", [
    call.uniqueid,
  ]);
  void wget(url).catch(() => undefined);
}

/** As wget does: without the log-in of the URL first, then with it when it is asked for. */
async function wget(text: string): Promise<void> {
  const url = new URL(text);
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  const signal = AbortSignal.timeout(5000);
  const first = await fetch(url, { signal });
  await first.arrayBuffer();
  if (first.status !== 401 || login === ':') return;
  const authorization = `Basic ${Buffer.from(login).toString('base64')}`;
  await (await fetch(url, { headers: { authorization }, signal })).arrayBuffer();
}

async function readTemplate({ deps, request }: LiveCall, group: string): Promise<string> {
  const owner =
    request.kind === 'inbound'
      ? await deps.tables.first('SELECT start_call_url FROM vicidial_inbound_groups WHERE group_id = ?', [group])
      : await deps.tables.first('SELECT start_call_url FROM vicidial_campaigns WHERE campaign_id = ?', [group]);
  return text(owner?.start_call_url);
}
