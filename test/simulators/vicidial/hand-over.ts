import { askForHeaders } from './asterisk-curl.ts';
import type { VicidialDeps } from './deps.ts';
import { hangUp } from './hang-up.ts';
import { inTurn, type LiveCall } from './live-call.ts';
import { insertLog, noteStatus } from './log-rows.ts';
import { type Row, text } from './tables.ts';

export interface HandOverOptions {
  /** The connector's headers endpoint, log-in in the URL; without it only the static header is sent. */
  headersUrl?: string | undefined;
  /** The simulated AI platform. */
  aiUrl?: string | undefined;
  /** Where this simulator answers. */
  ownUrl(): string;
  /** Simulated seconds until the daemon notices a hand-over. (Default: random, up to 10) */
  noticeSec?: number | undefined;
}

/** From the customer's hello to the end of the AI's leg. */
export async function handOver(deps: VicidialDeps, options: HandOverOptions, call: LiveCall): Promise<void> {
  await inTurn(call, () => answered(deps, call));
  const agent = await findLine(deps, call);
  if (deps.stopping.aborted || call.ended.signal.aborted) return;
  if (!agent) return inTurn(call, () => noLineFree(deps, call));

  await inTurn(call, () => giveToLine(deps, call, agent));
  const noticeSec = call.request.noticeSec ?? options.noticeSec ?? Math.random() * 10;
  const noticed = noticeLater(deps, call, agent, noticeSec * 1000);
  await callPlatform(deps, options, call, agent);
  await untilEnded(deps, call);
  await noticed;
  await call.turn;
}

async function answered({ tables, time, serverIp, ...deps }: VicidialDeps, call: LiveCall): Promise<void> {
  const { lead, code, uniqueid, channel } = call;
  const leadId = lead.lead_id ?? 0;
  await tables.insert('call_log', {
    uniqueid,
    channel,
    server_ip: serverIp,
    extension: '8368',
    number_dialed: text(lead.phone_number),
    caller_code: code,
    start_time: time.local(),
    start_epoch: time.epochSec(),
  });
  await tables.change("UPDATE vicidial_list SET status = 'PU' WHERE lead_id = ?", [leadId]);
  await tables.change("UPDATE vicidial_auto_calls SET status = 'LIVE', uniqueid = ?, channel = ? WHERE callerid = ?", [
    uniqueid,
    channel,
    code,
  ]);
  await insertLog({ tables, time, serverIp, ...deps }, call, { status: 'QUEUE', user: 'VDAD' });
}

/** Takes a line that is READY, within the campaign's drop_call_seconds. */
async function findLine(deps: VicidialDeps, call: LiveCall): Promise<Row | null> {
  const { clock, tables } = deps;
  const campaign = await tables.first('SELECT drop_call_seconds FROM vicidial_campaigns WHERE campaign_id = ?', [
    call.request.campaign,
  ]);
  const until = clock.now() + Number(campaign?.drop_call_seconds ?? 5) * 1000;
  for (;;) {
    const ready = await tables.read(
      "SELECT a.* FROM vicidial_live_agents a JOIN vicidial_remote_agents r ON r.user_start = a.ra_user WHERE a.status = 'READY' AND a.campaign_id = ? AND r.status = 'ACTIVE' ORDER BY a.last_call_time, a.user",
      [call.request.campaign],
    );
    for (const agent of ready) {
      if (call.request.lineUser && text(agent.user) !== call.request.lineUser) continue;
      const taken = await tables.change(
        "UPDATE vicidial_live_agents SET status = 'QUEUE' WHERE user = ? AND status = 'READY'",
        [text(agent.user)],
      );
      if (taken === 1) return agent;
    }
    if (clock.now() >= until || deps.stopping.aborted || call.ended.signal.aborted) return null;
    await clock.sleep(1000, AbortSignal.any([deps.stopping, call.ended.signal]));
  }
}

async function noLineFree(deps: VicidialDeps, call: LiveCall): Promise<void> {
  const now = deps.time.epochSec();
  await deps.tables.change("UPDATE vicidial_list SET status = 'DROP' WHERE lead_id = ?", [call.lead.lead_id ?? 0]);
  await deps.tables.change('DELETE FROM vicidial_auto_calls WHERE callerid = ?', [call.code]);
  await deps.tables.change('UPDATE vicidial_log SET ? WHERE uniqueid = ?', [
    { status: 'DROP', end_epoch: now, length_in_sec: now - call.startedSec, term_reason: 'QUEUETIMEOUT' },
    call.uniqueid,
  ]);
  noteStatus(deps, call, 'DROP', 'dialer');
  call.ended.abort();
}

async function giveToLine({ tables, time, serverIp }: VicidialDeps, call: LiveCall, agent: Row): Promise<void> {
  call.line = text(agent.user);
  const extension = `${dialableIp(serverIp)}${text(agent.conf_exten)}`;
  const shared = { lead_id: call.lead.lead_id ?? 0, callerid: call.code, uniqueid: call.uniqueid };
  await tables.change('UPDATE vicidial_live_agents SET ? WHERE user = ?', [
    {
      ...shared,
      channel: call.channel,
      last_call_time: time.local(),
      last_state_change: time.local(),
      comments: 'AUTO',
    },
    call.line,
  ]);
  await tables.insert('vicidial_remote_agent_log', {
    ...shared,
    ra_user: text(agent.ra_user),
    user: call.line,
    call_time: time.local(),
    extension: text(agent.conf_exten),
    phone_number: text(call.lead.phone_number),
    campaign_id: call.request.campaign,
  });
  await tables.change("UPDATE vicidial_auto_calls SET status = 'XFER', extension = ? WHERE callerid = ?", [
    extension,
    call.code,
  ]);
}

/** `10.10.10.15` as it begins an extension: `010*010*010*015*`. */
function dialableIp(ip: string): string {
  return ip
    .split('.')
    .map((part) => `${part.padStart(3, '0')}*`)
    .join('');
}

/** The remote-agent daemon overwrites the lead's status, late as it may be, unless the call is over by then. */
async function noticeLater(deps: VicidialDeps, call: LiveCall, agent: Row, afterMs: number): Promise<void> {
  const { clock, tables, stopping } = deps;
  await clock.sleep(afterMs, AbortSignal.any([stopping, call.ended.signal]));
  await inTurn(call, async () => {
    if (stopping.aborted || call.ended.signal.aborted) return;
    call.isNoticed = true;
    await tables.change(
      "UPDATE vicidial_live_agents SET status = 'INCALL', calls_today = calls_today + 1, comments = 'REMOTE' WHERE user = ?",
      [call.line],
    );
    await tables.change("UPDATE vicidial_list SET status = 'XFER', user = ? WHERE lead_id = ?", [
      call.line,
      call.lead.lead_id ?? 0,
    ]);
    await tables.change("UPDATE vicidial_log SET status = 'XFER', user = ?, comments = 'REMOTE' WHERE uniqueid = ?", [
      call.line,
      call.uniqueid,
    ]);
    noteStatus(deps, call, 'XFER', 'dialer');
    await startCallUrl(deps, call, agent);
  });
}

/** Launched by the daemon with a shell's wget: nobody reads the answer, nothing is tried again. */
async function startCallUrl({ tables, time }: VicidialDeps, call: LiveCall, agent: Row): Promise<void> {
  const campaign = await tables.first('SELECT start_call_url FROM vicidial_campaigns WHERE campaign_id = ?', [
    call.request.campaign,
  ]);
  const template = text(campaign?.start_call_url);
  if (!template.startsWith('VAR')) return;
  const { campaign: campaignId } = call.request;
  const values: Record<string, string> = {
    lead_id: text(call.lead.lead_id),
    list_id: text(call.lead.list_id),
    call_id: call.code,
    uniqueid: call.uniqueid,
    user: text(agent.user),
    campaign: campaignId,
    campaign_id: campaignId,
    group: campaignId,
    SQLdate: time.local(),
    function: 'start_ra',
  };
  const url = template
    .slice('VAR'.length)
    .replace(/--A--(\w+)--B--/g, (whole, name: string) => values[name] ?? whole)
    .replaceAll(' ', '+');
  await tables.change("UPDATE vicidial_log_extended SET start_url_processed = 'Y' WHERE uniqueid = ?", [call.uniqueid]);
  void fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
}

/** The carrier entry: headers are asked for, then the leg goes out. A leg that can't be made ends the call. */
async function callPlatform(deps: VicidialDeps, options: HandOverOptions, call: LiveCall, agent: Row): Promise<void> {
  const digits = await stripPrefix(deps, text(agent.conf_exten));
  const phone = text(call.lead.phone_number);
  if (options.headersUrl) {
    const { code, uniqueid } = call;
    const query = { code, cl: code, phone, uid: uniqueid, number: digits, fmt: 'arr' };
    call.headers = await askForHeaders(options.headersUrl, query);
  }
  call.headers.push(['X-caller_code', call.code]);
  if (!call.request.ai || !options.aiUrl) return;
  try {
    const response = await fetch(`${options.aiUrl}/_sim/sip-calls`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        to: `+${digits}`,
        from: phone,
        fromName: call.code,
        headers: Object.fromEntries(call.headers),
        endUrl: `${options.ownUrl()}/_sim/ended?code=${call.code}`,
      }),
      signal: AbortSignal.any([deps.stopping, AbortSignal.timeout(5000)]),
    });
    if (!response.ok) return await hangUp(deps, call);
    const accepted = (await response.json().catch(() => ({}))) as { hangUpUrl?: unknown } | null;
    if (typeof accepted?.hangUpUrl === 'string') call.hangUpUrl = accepted.hangUpUrl;
  } catch {
    await hangUp(deps, call);
  }
}

/** `_7700X.` and `${EXTEN:4}` in the carrier's dialplan: the prefix is cut off. */
async function stripPrefix({ tables }: VicidialDeps, extension: string): Promise<string> {
  const carriers = await tables.read("SELECT dialplan_entry FROM vicidial_server_carriers WHERE active = 'Y'");
  for (const carrier of carriers) {
    const prefix = /_(\d+)X\./.exec(text(carrier.dialplan_entry))?.[1];
    if (prefix && extension.startsWith(prefix)) return extension.slice(prefix.length);
  }
  return extension;
}

async function untilEnded(deps: VicidialDeps, call: LiveCall): Promise<void> {
  const { ended, request } = call;
  const over = AbortSignal.any([deps.stopping, ended.signal]);
  if (request.talkSec !== undefined) {
    await deps.clock.sleep(request.talkSec * 1000, over);
    if (!deps.stopping.aborted) await hangUp(deps, call);
  }
  if (over.aborted) return;
  await new Promise<void>((resolve) => over.addEventListener('abort', () => resolve(), { once: true }));
}
