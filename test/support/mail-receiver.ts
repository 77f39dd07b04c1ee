import type { AddressInfo } from 'node:net';
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { TestCertificate } from './certificates.ts';

/** A mail that arrived, as a program for mail sees it. */
export interface ReceivedMail {
  mail: ParsedMail;
  to: string[];
  /** Whether the line was encrypted when it came, and who had logged in. */
  isSecure: boolean;
  user: string;
}

export interface MailReceiver {
  port: number;
  mails: ReceivedMail[];
  /** How many log-ins and mails were tried. */
  tries: { logIns: number; mails: number };
  /** Answers the next recipients, or mails, with this code. */
  refuse(what: 'recipient' | 'mail', code: number, times?: number): void;
  stop(): Promise<void>;
}

export const mailUser = { user: 'patchbay', password: 'a-password-of-the-test' };

/**
 * A mail server on a real socket. With a certificate it offers STARTTLS, or speaks TLS from the beginning; where it asks for
 * a log-in it takes that of `mailUser` alone.
 */
export async function startMailReceiver(
  options: { certificate?: TestCertificate; isSecure?: boolean; asksForLogIn?: boolean } = {},
): Promise<MailReceiver> {
  const { certificate, isSecure = false, asksForLogIn = true } = options;
  const mails: ReceivedMail[] = [];
  const tries = { logIns: 0, mails: 0 };
  const refusals: { what: string; code: number }[] = [];
  const refusal = (what: string) => {
    const index = refusals.findIndex((each) => each.what === what);
    const [found] = index < 0 ? [] : refusals.splice(index, 1);
    return found && Object.assign(new Error('not now'), { responseCode: found.code });
  };
  const server = new SMTPServer({
    secure: isSecure,
    ...(certificate && { key: certificate.key, cert: certificate.cert }),
    authOptional: !asksForLogIn,
    allowInsecureAuth: false,
    disabledCommands: [...(certificate ? [] : ['STARTTLS']), ...(asksForLogIn ? [] : ['AUTH'])],
    logger: false,
    onAuth({ username, password }, _session, done) {
      tries.logIns += 1;
      const isGood = username === mailUser.user && password === mailUser.password;
      if (isGood) done(null, { user: username });
      else done(Object.assign(new Error('Invalid username or password'), { responseCode: 535 }));
    },
    onRcptTo: (_address, _session, done) => done(refusal('recipient')),
    onData(stream, session, done) {
      tries.mails += 1;
      simpleParser(stream).then(
        (mail) => {
          const refused = refusal('mail');
          if (refused) return done(refused);
          const to = session.envelope.rcptTo.map(({ address }) => address);
          mails.push({ mail, to, isSecure: session.secure, user: String(session.user ?? '') });
          done();
        },
        (error: Error) => done(error),
      );
    },
  });
  // A client that does not trust the certificate hangs up: that is its business.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    tries,
    refuse(what, code, times = 1) {
      for (let count = 0; count < times; count += 1) refusals.push({ what, code });
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Of a header with one address. */
export function addressIn(header: AddressObject | AddressObject[] | undefined): string {
  const [first] = Array.isArray(header) ? header : [header];
  return first?.value[0]?.address ?? '';
}
