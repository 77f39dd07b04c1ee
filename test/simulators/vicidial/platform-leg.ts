import { namesOf } from './caller-names.ts';
import { hangUp } from './hang-up.ts';
import { type HeaderPlaces, type HeaderRequest, requestHeaders } from './header-requests.ts';
import type { LiveCall } from './live-call.ts';
import type { RemoteAgentDaemon } from './remote-agent-daemon.ts';
import { runEntry } from './run-entry.ts';
import { type Row, text } from './tables.ts';

export interface PlatformLegOptions extends HeaderPlaces {
  /** The simulated AI platform. */
  aiUrl?: string | undefined;
  /** The dialplan entries of the carriers are run as they lie in the tables. (Default: only what they dial is read) */
  runsEntries?: boolean | undefined;
  /** Where this simulator hears of the leg's end, whatever its web server does. */
  controlUrl(): string;
  /** Told of every question for headers. */
  noteHeaderRequest(request: HeaderRequest): void;
}

/** The carrier entry: headers are asked for, then the leg goes out. A leg that can't be made ends the call. */
export async function callPlatform(
  options: PlatformLegOptions,
  daemon: RemoteAgentDaemon,
  call: LiveCall,
  dialled: string,
): Promise<void> {
  call.isHandedOver = true;
  const { callerId } = namesOf(call.code, call.request.callerName ?? { kind: 'kept' });
  let to = `+${dialled}`;
  if (options.runsEntries) {
    const invite = await runEntry(call);
    if (!invite) return hangUp(daemon, call);
    to = invite.number;
    call.headers = invite.headers;
  } else {
    call.headers = await requestHeaders(options, call, dialled, options.noteHeaderRequest);
    call.headers.push(['X-caller_code', callerId]);
  }
  if (!call.request.ai || !options.aiUrl) return;
  try {
    const response = await fetch(`${options.aiUrl}/_sim/sip-calls`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        to,
        from: text(call.lead.phone_number),
        fromName: callerId,
        headers: Object.fromEntries(call.headers),
        endUrl: `${options.controlUrl()}/_sim/ended?code=${call.code}`,
      }),
      signal: AbortSignal.any([call.deps.stopping, AbortSignal.timeout(5000)]),
    });
    if (!response.ok) return await hangUp(daemon, call);
    const accepted = (await response.json().catch(() => ({}))) as { hangUpUrl?: unknown } | null;
    if (typeof accepted?.hangUpUrl === 'string') call.hangUpUrl = accepted.hangUpUrl;
  } catch {
    await hangUp(daemon, call);
  }
}

/** `_7700X.` and `${EXTEN:4}` in the carrier's dialplan, which Asterisk has in memory: the prefix is cut off. */
export async function readDialled({ deps }: LiveCall, agent: Row): Promise<string> {
  const extension = text(agent.conf_exten);
  const carriers = await deps.tables.read("SELECT dialplan_entry FROM vicidial_server_carriers WHERE active = 'Y'");
  for (const carrier of carriers) {
    const prefix = /_(\d+)X\./.exec(text(carrier.dialplan_entry))?.[1];
    if (prefix && extension.startsWith(prefix)) return extension.slice(prefix.length);
  }
  return extension;
}

/** The platform that named a place for it is told that its leg is cut. */
export async function tellPlatform(call: LiveCall): Promise<void> {
  if (!call.hangUpUrl) return;
  const signal = AbortSignal.timeout(2000);
  await fetch(call.hangUpUrl, { method: 'POST', signal }).catch(() => undefined);
}
