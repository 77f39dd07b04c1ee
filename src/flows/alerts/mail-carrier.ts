import { readFile } from 'node:fs/promises';
import { createTransport } from 'nodemailer';
import {
  type Carrier,
  type ChannelDeps,
  type ChannelSettings,
  channelTimeoutMs,
  type Post,
  type Sent,
} from './channel.ts';
import { subjectOf } from './letter-words.ts';
import { mailHtml, mailText } from './mail-words.ts';

type MailSettings = Extract<ChannelSettings, { kind: 'email' }>;

/** Mail by SMTP. */
export function createMailCarrier(id: string, settings: MailSettings, deps: ChannelDeps): Carrier {
  const { smtp, from, to } = settings;
  const timeoutMs = deps.timeoutMs ?? channelTimeoutMs;

  async function withTransport(work: (transport: Transport) => Promise<unknown>): Promise<Sent> {
    let transport: Transport | undefined;
    let timer: NodeJS.Timeout | undefined;
    try {
      transport = await openTransport(smtp, timeoutMs);
      // The library's own limits are between two answers: a server that dribbles would hold it for ever.
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(Object.assign(new Error('late'), { code: 'ETIMEDOUT' })), timeoutMs * 2);
      });
      await Promise.race([work(transport), late]);
      return { kind: 'sent' };
    } catch (error) {
      return { kind: 'failed', ...wordsOf(error, id, smtp) };
    } finally {
      clearTimeout(timer);
      transport?.close();
    }
  }

  return {
    send: (post) => withTransport((transport) => transport.sendMail({ from, to: [...to], ...mailOf(post, deps) })),
    reach: () => withTransport((transport) => transport.verify()),
  };
}

type Transport = Awaited<ReturnType<typeof openTransport>>;

async function openTransport(
  { host, port, security, caFile, user, password }: MailSettings['smtp'],
  timeoutMs: number,
) {
  return createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(caFile && { tls: { ca: await readFile(caFile, 'utf8') } }),
    ...(user !== undefined && password !== undefined && { auth: { user, pass: password } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // What is sent is what we wrote: nothing is fetched into it.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function mailOf({ id, letter }: Post, deps: ChannelDeps) {
  const isUrgent =
    letter.kind === 'alerts' && letter.items.some(({ what, level }) => level === 'urgent' && what !== 'over');
  return {
    subject: subjectOf(letter, deps),
    text: mailText(letter, deps),
    html: mailHtml(letter, deps),
    // One that comes twice, because its first answer was lost, is the same mail to a mailbox.
    messageId: `<${id}@${new URL(deps.publicUrl).hostname}>`,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    ...(isUrgent && { priority: 'high' as const }),
  };
}

/** The server's own words may hold an address: of them only the code is told. */
function wordsOf(
  error: unknown,
  id: string,
  { host, port, security }: MailSettings['smtp'],
): { why: string; hint: string } {
  const { code = '', responseCode, command } = error as { code?: string; responseCode?: number; command?: string };
  const at = `the mail server ${host}:${port}`;
  const key = `alerts.channels.${id}`;
  if (code === 'EAUTH' || responseCode === 535 || responseCode === 530) {
    const hint = `See ${key}.smtp.user and password; many providers want a password made for programs.`;
    return { why: `${at} does not accept the log-in${told(responseCode)}`, hint };
  }
  if (code === 'EENVELOPE' || command === 'MAIL FROM' || command === 'RCPT TO') {
    return { why: `${at} refuses the sender or every recipient${told(responseCode)}`, hint: `See ${key}.from and to.` };
  }
  if (code === 'ETLS' || /CERT|SELF_SIGNED|UNABLE_TO|SSL/.test(code) || isTlsFault(error)) {
    const other = security === 'starttls' ? 'does it offer STARTTLS' : 'does it speak TLS from the beginning there';
    const hint = `See ${key}.smtp: ${other}, is host the name in its certificate, does caFile name its authority?`;
    return { why: `TLS with ${at} failed (${code})`, hint };
  }
  if (code === 'EDNS' || code === 'ENOTFOUND') return { why: `${at} is not in the DNS`, hint: `See ${key}.smtp.host.` };
  if (code === 'ENOENT' || code === 'EACCES') {
    return { why: 'the file of the authority can not be read', hint: `See ${key}.smtp.caFile.` };
  }
  if (error instanceof Error && /BlockList/.test(error.message)) {
    return { why: `${at} leads to an address that is out of bounds`, hint: `See ${key}.smtp.host.` };
  }
  if (code === 'ETIMEDOUT')
    return { why: `${at} does not answer in time`, hint: 'See whether it is up, and the firewall.' };
  if (responseCode) {
    const hint = responseCode < 500 ? 'It is tried again.' : 'See its log.';
    return { why: `${at} does not take the mail${told(responseCode)}`, hint };
  }
  return {
    why: `${at} can not be reached (${code || 'no connection'})`,
    hint: 'See whether it is up, and the firewall.',
  };
}

function told(responseCode: number | undefined): string {
  return responseCode ? ` (it answered ${responseCode})` : '';
}

/** Faults of a handshake come as those of a socket. */
function isTlsFault(error: unknown): boolean {
  return error instanceof Error && /certificate|self.signed|ssl|tls|wrong version number/i.test(error.message);
}
