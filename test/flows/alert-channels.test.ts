import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Letter, LetterItem } from '../../src/domain/letter.ts';
import type { AlertChannel, ChannelSettings } from '../../src/flows/alerts/channel.ts';
import { createChannels } from '../../src/flows/alerts/create-channels.ts';
import { readRetryAfter } from '../../src/flows/alerts/post-json.ts';
import { alertChannelChecks } from '../../src/flows/doctor/site-checks/alert-channels.ts';
import { guardConnections } from '../../src/http/guard-connections.ts';
import { makeCertificate, type TestCertificate } from '../support/certificates.ts';
import { type HookReceiver, startHookReceiver } from '../support/hook-receiver.ts';
import { addressIn, mailUser, startMailReceiver } from '../support/mail-receiver.ts';
import { type SilentServer, startSilentServer } from '../support/silent-server.ts';

const at = '2026-03-02T17:05:00.000Z';
const item: LetterItem = {
  what: 'raised',
  id: 'alert-1',
  kind: 'overdue-opt-out',
  key: '',
  level: 'urgent',
  size: 2,
  words: '2 overdue opt-outs of <Spring> & "more"',
  since: '2026-03-02T17:00:00.000Z',
  endedAt: null,
};
const alerts: Letter = { kind: 'alerts', at, items: [item] };
const score = { calls: 120, contacts: 60, qualified: 12, transfers: 5, optOuts: 2, aiMinutes: 90, cost: 8.1 };
const digest: Letter = {
  kind: 'digest',
  at,
  digest: {
    day: '2026-03-01',
    timeZone: 'America/New_York',
    score,
    before: { ...score, calls: 100, qualified: 14 },
    currency: 'USD',
    campaigns: [{ dialer: 'five9', campaign: 'Spring', ...score }],
    otherCampaigns: 0,
    optOuts: {
      told: 2,
      dialers: [{ dialer: 'five9', held: 2, medianSec: 40, longestSec: 7200 }],
      open: 1,
      overdue: 1,
      oldestAt: '2026-02-28T17:00:00.000Z',
    },
    alerts: [{ level: 'urgent', words: '1 overdue opt-out', since: '2026-02-28T18:00:00.000Z' }],
    needs: ['1 overdue opt-out'],
    backlog: [
      {
        dialer: 'five9',
        aspect: 'dnc',
        waiting: 3,
        submitted: 0,
        opensAt: null,
        throughAt: '2026-03-02T23:00:00.000Z',
      },
    ],
  },
};

function channelOf(settings: ChannelSettings, timeoutMs = 5000): AlertChannel {
  const wallClock = { now: () => Date.now() };
  const site = { publicUrl: 'https://patchbay.example.com', timeZone: 'America/New_York' };
  const channel = createChannels({ office: settings }, { ...site, wallClock, timeoutMs }).get('office');
  if (!channel) throw new Error('the channel is missing');
  return channel;
}

let folder = '';
let authority: TestCertificate;
let certificate: TestCertificate;
const receivers: { stop(): Promise<void> }[] = [];

function kept<T extends { stop(): Promise<void> }>(receiver: T): T {
  receivers.push(receiver);
  return receiver;
}

beforeAll(() => {
  guardConnections();
  folder = mkdtempSync(join(tmpdir(), 'patchbay-mail-'));
  authority = makeCertificate({ name: 'authority of the test' });
  certificate = makeCertificate({ name: 'mail of the test', hosts: ['127.0.0.1', 'localhost'], by: authority });
  writeFileSync(join(folder, 'authority.pem'), authority.cert);
});
afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type SmtpWish = Partial<Extract<ChannelSettings, { kind: 'email' }>['smtp']>;

function mailSettings({ port }: { port: number }, smtp: SmtpWish = {}): ChannelSettings {
  return {
    kind: 'email',
    smtp: {
      host: 'localhost',
      port,
      security: 'starttls',
      caFile: join(folder, 'authority.pem'),
      ...mailUser,
      ...smtp,
    },
    from: 'Patchbay <patchbay@example.com>',
    to: ['ada@example.com', 'Supervisors <supervisors@example.com>'],
  };
}

describe('by mail', () => {
  it('goes by STARTTLS, with a log-in, to everybody: as text and as HTML', async () => {
    const receiver = kept(await startMailReceiver({ certificate }));

    const sent = await channelOf(mailSettings(receiver)).send({ id: 'letter-1', letter: alerts });

    expect(sent).toEqual({ kind: 'sent' });
    const [received] = receiver.mails;
    expect(received).toMatchObject({
      isSecure: true,
      user: mailUser.user,
      to: ['ada@example.com', 'supervisors@example.com'],
    });
    const mail = received?.mail;
    expect(addressIn(mail?.from)).toBe('patchbay@example.com');
    expect(mail?.messageId).toBe('<letter-1@patchbay.example.com>');
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail?.headers.get('priority')).toBe('high');
    expect(mail?.subject).toBe('Patchbay patchbay.example.com: URGENT: 2 overdue opt-outs of <Spring> & "more"');
    expect(mail?.text).toContain('[urgent] 2 overdue opt-outs');
    expect(mail?.text).toContain('https://patchbay.example.com/console/attention?kind=overdue-opt-out');
    expect(mail?.text).toContain('since 12:00 America/New_York');
    expect(mail?.html).toContain('2 overdue opt-outs of &lt;Spring&gt; &amp; &quot;more&quot;');
    expect(mail?.html).not.toMatch(/<(script|img|link|iframe)/);
  });

  it('goes by TLS from the beginning', async () => {
    const receiver = kept(await startMailReceiver({ certificate, isSecure: true }));

    const sent = await channelOf(mailSettings(receiver, { security: 'tls' })).send({ id: 'letter-1', letter: digest });

    expect(sent).toEqual({ kind: 'sent' });
    const { mail } = receiver.mails[0] ?? {};
    expect(mail?.subject).toBe('Patchbay patchbay.example.com: 2026-03-01');
    expect(mail?.text).toContain('120 calls (+20 against the day before)');
    expect(mail?.text).toContain('five9 holds 2: half within 40 s, the last after 2 h');
    expect(mail?.text).toContain('1 not yet at a dialer, 1 OVERDUE');
    expect(mail?.html).toContain('<li>Spring (five9): 120 calls');
  });

  it('never goes on without TLS where it was asked for, so that nobody in between hears the password', async () => {
    const receiver = kept(await startMailReceiver({ asksForLogIn: false }));

    const sent = await channelOf(mailSettings(receiver)).send({ id: 'letter-1', letter: alerts });

    expect(sent).toMatchObject({ kind: 'failed', why: expect.stringMatching(/^TLS with the mail server/) });
    expect([receiver.tries.logIns, receiver.mails.length]).toEqual([0, 0]);
  });

  it('trusts no certificate of an authority that it does not know, nor one of another name', async () => {
    const receiver = kept(await startMailReceiver({ certificate }));
    const other = kept(
      await startMailReceiver({
        certificate: makeCertificate({ name: 'other', hosts: ['mail.example.com'], by: authority }),
      }),
    );

    const unknown = await channelOf(mailSettings(receiver, { caFile: undefined })).send({ id: 'l', letter: alerts });
    const misnamed = await channelOf(mailSettings(other)).send({ id: 'l', letter: alerts });

    for (const sent of [unknown, misnamed]) {
      expect(sent).toMatchObject({ kind: 'failed', why: expect.stringMatching(/^TLS with the mail server/) });
    }
    expect(receiver.tries.logIns + other.tries.logIns).toBe(0);
  });

  it.each([
    ['a wrong password', { password: 'not the one' }, /does not accept the log-in \(it answered 535\)/, /smtp\.user/],
    ['a host that is not there', { host: 'nowhere.invalid' }, /not in the DNS|can not be reached/, /host|up/],
    ['a port where nobody is', { port: 1 }, /can not be reached/, /up/],
    ['the metadata of a cloud', { host: '169.254.169.254' }, /out of bounds/, /smtp\.host/],
    ['an authority that can not be read', { caFile: '/nowhere/ca.pem' }, /can not be read/, /caFile/],
  ])('says what to change: %s', async (_name, smtp, why, hint) => {
    const receiver = kept(await startMailReceiver({ certificate }));

    const sent = await channelOf(mailSettings(receiver, smtp), 2000).send({ id: 'letter-1', letter: alerts });

    expect(sent).toMatchObject({ why: expect.stringMatching(why), hint: expect.stringMatching(hint) });
    expect(JSON.stringify(sent)).not.toMatch(/not the one|ada@|supervisors@/);
  });

  it('says so when the server refuses it, for now or for good', async () => {
    const receiver = kept(await startMailReceiver({ certificate }));
    const channel = channelOf(mailSettings(receiver));

    receiver.refuse('recipient', 550, 2);
    const refused = await channel.send({ id: 'letter-1', letter: alerts });
    receiver.refuse('mail', 451);
    const later = await channel.send({ id: 'letter-1', letter: alerts });
    const sent = await channel.send({ id: 'letter-1', letter: alerts });

    expect(refused).toMatchObject({ why: expect.stringMatching(/refuses the sender or every recipient/) });
    expect(later).toMatchObject({ why: expect.stringMatching(/does not take the mail \(it answered 451\)/) });
    expect(sent).toEqual({ kind: 'sent' });
    expect(receiver.mails).toHaveLength(1);
  });

  it('gives up on a server that says nothing', async () => {
    const silent = kept<SilentServer>(await startSilentServer());

    const sent = await channelOf(mailSettings(silent), 300).send({ id: 'letter-1', letter: alerts });

    expect(sent).toMatchObject({ kind: 'failed', why: expect.stringMatching(/does not answer in time/) });
  });

  it('is reached with TLS and log-in, and no mail', async () => {
    const receiver = kept(await startMailReceiver({ certificate }));

    expect(await channelOf(mailSettings(receiver)).reach()).toEqual({ kind: 'sent' });
    expect(await channelOf(mailSettings(receiver, { password: 'wrong' })).reach()).toMatchObject({ kind: 'failed' });
    expect(receiver.tries).toEqual({ logIns: 2, mails: 0 });
  });
});

const secrets = ['a', 'b'].map((letter) => `whsec_${Buffer.from(letter.repeat(32)).toString('base64')}`);

describe('by a signed webhook', () => {
  let receiver: HookReceiver;
  const open = async (use = secrets, timeoutMs = 5000) => {
    receiver = kept(await startHookReceiver());
    return channelOf({ kind: 'webhook', url: `${receiver.url}/hooks/1`, secrets: use }, timeoutMs);
  };
  /** As a receiver verifies it, by the library of Standard Webhooks. */
  const verified = (secret = '', index = 0) => {
    const { body = '', headers = {} } = receiver.hooks[index] ?? {};
    return new Webhook(secret).verify(body, headers as Record<string, string>) as Record<string, unknown>;
  };

  it('can be verified by whoever has a secret, also while it is being changed', async () => {
    const channel = await open();

    expect(await channel.send({ id: 'letter-1', letter: alerts })).toEqual({ kind: 'sent' });

    const [old, fresh] = secrets.map((secret) => verified(secret));
    expect(fresh).toEqual(old);
    expect(fresh).toMatchObject({
      type: 'patchbay.alerts',
      timestamp: at,
      data: { site: 'https://patchbay.example.com', alerts: [{ kind: 'overdue-opt-out', size: 2, level: 'urgent' }] },
    });
    expect(receiver.hooks[0]?.headers['webhook-id']).toBe('letter-1');
    expect(() => verified(`whsec_${Buffer.from('c'.repeat(32)).toString('base64')}`)).toThrow();
  });

  it('can not be verified any more when a sign of it was changed', async () => {
    const channel = await open();
    await channel.send({ id: 'letter-1', letter: digest });
    const [hook] = receiver.hooks;

    expect(verified(secrets[0])).toMatchObject({ type: 'patchbay.digest', data: { day: '2026-03-01' } });
    if (hook) hook.body = hook.body.replace('2026-03-01', '2026-03-03');
    expect(() => verified(secrets[0])).toThrow();
  });

  it('comes again under the same id, signed anew', async () => {
    const channel = await open();
    receiver.answer('cut');

    const lost = await channel.send({ id: 'letter-1', letter: alerts });
    const sent = await channel.send({ id: 'letter-1', letter: alerts });

    expect([lost.kind, sent.kind]).toEqual(['failed', 'sent']);
    expect(receiver.hooks.map(({ headers }) => headers['webhook-id'])).toEqual(['letter-1', 'letter-1']);
    expect(verified(secrets[0], 1)).toEqual(verified(secrets[0], 0));
  });

  it.each([
    [{ status: 503, headers: { 'retry-after': '120' } }, { afterMs: 120_000 }],
    [
      { status: 429, headers: { 'retry-after': '7' } },
      { afterMs: 7000, hint: expect.stringMatching(/groupSec/) },
    ],
    [{ status: 500 }, { why: expect.stringMatching(/answered HTTP 500/) }],
    [{ status: 410 }, { isFinal: true }],
    [{ status: 302, headers: { location: '/elsewhere' } }, { why: expect.stringMatching(/HTTP 302/) }],
    [{ status: 401 }, { hint: expect.stringMatching(/secret/) }],
  ])('was not taken when it is answered %j', async (answer, result) => {
    const channel = await open();
    receiver.answer(answer);

    expect(await channel.send({ id: 'letter-1', letter: alerts })).toMatchObject({ kind: 'failed', ...result });
    expect(receiver.hooks).toHaveLength(1);
  });

  it('waits no longer than its time for a receiver that is slow', async () => {
    const channel = await open(secrets, 200);
    receiver.answer('never');

    const sent = await channel.send({ id: 'letter-1', letter: alerts });

    expect(sent).toMatchObject({ kind: 'failed', why: expect.stringMatching(/did not answer within 0.2 s/) });
  });

  it('is not filled by what comes back', async () => {
    const channel = await open();
    receiver.answer({ status: 200, body: 'x'.repeat(5_000_000) });

    expect(await channel.send({ id: 'letter-1', letter: alerts })).toEqual({ kind: 'sent' });
  });

  it('is reached without a message', async () => {
    const channel = await open();

    expect(await channel.reach()).toEqual({ kind: 'sent' });
    expect(receiver.hooks).toEqual([]);
    const nobody = channelOf({ kind: 'webhook', url: 'https://127.0.0.1:1/', secrets });
    expect(await nobody.reach()).toMatchObject({ kind: 'failed' });
  });

  it('goes to no address that is out of bounds', async () => {
    const channel = channelOf({ kind: 'webhook', url: 'http://2852039166/latest', secrets });

    expect(await channel.send({ id: 'l', letter: alerts })).toMatchObject({
      why: expect.stringMatching(/out of bounds/),
    });
    expect(await channel.reach()).toMatchObject({ why: expect.stringMatching(/out of bounds/) });
  });
});

describe('to Slack', () => {
  it('is a text and blocks, with its own signs escaped', async () => {
    const receiver = kept(await startHookReceiver());
    const channel = channelOf({ kind: 'slack', url: `${receiver.url}/services/T0/B0/x` });

    const sent = await channel.send({ id: 'letter-1', letter: alerts });

    expect(sent).toEqual({ kind: 'sent' });
    const message = JSON.parse(receiver.hooks[0]?.body ?? '') as { text: string; blocks: { type: string }[] };
    expect(message.text).toContain('2 overdue opt-outs of &lt;Spring&gt; &amp; "more"');
    expect(message.blocks.map(({ type }) => type)).toEqual(['header', 'section']);
    expect(JSON.stringify(message.blocks[1])).toContain('<https://patchbay.example.com/console/attention?kind=');
  });

  it('keeps to what Slack takes, however much there is to tell', async () => {
    const receiver = kept(await startHookReceiver());
    const channel = channelOf({ kind: 'slack', url: receiver.url });
    const items = Array.from({ length: 300 }, (_, index) => ({ ...item, words: `${index} ${'long '.repeat(1000)}` }));

    await channel.send({ id: 'letter-1', letter: { ...alerts, items } });
    await channel.send({ id: 'letter-2', letter: digest });

    for (const { body } of receiver.hooks) {
      const { blocks } = JSON.parse(body) as { blocks: { text: { text: string } }[] };
      expect(blocks.length).toBeLessThanOrEqual(50);
      for (const { text } of blocks) expect(text.text.length).toBeLessThanOrEqual(3000);
    }
    expect(receiver.hooks[0]?.body).toContain('and 280 more');
    expect(receiver.hooks[1]?.body).toContain('Calls of 2026-03-01');
  });

  it('waits as long as Slack says', async () => {
    const receiver = kept(await startHookReceiver());
    receiver.answer({ status: 429, headers: { 'retry-after': '30' } });

    const sent = await channelOf({ kind: 'slack', url: receiver.url }).send({ id: 'letter-1', letter: alerts });

    expect(sent).toMatchObject({ kind: 'failed', afterMs: 30_000 });
  });
});

it('the doctor says whether a channel can be reached, and sends nothing', async () => {
  const receiver = kept(await startMailReceiver({ certificate }));
  const alertChannels = new Map([
    ['office', channelOf(mailSettings(receiver))],
    ['pager', channelOf({ kind: 'webhook', url: 'http://127.0.0.1:1/', secrets })],
  ]);

  const checks = alertChannelChecks({ alertChannels });
  const results = await Promise.all(checks.map((check) => check.run()));

  expect(results).toMatchObject([
    { status: 'ok', found: expect.stringContaining('2 addresses by localhost') },
    { status: 'warn', found: expect.stringMatching(/can not be reached/), fix: expect.stringMatching(/up/) },
  ]);
  expect(receiver.tries.mails).toBe(0);
});

it.each([
  [null, undefined],
  ['120', 120_000],
  ['Mon, 02 Mar 2026 17:06:00 GMT', 60_000],
  ['Mon, 02 Mar 2026 17:00:00 GMT', undefined],
  ['soon', undefined],
  ['-5', undefined],
  ['999999999', 86_400_000],
])('understands Retry-After: %s', (header, ms) => {
  expect(readRetryAfter(header, Date.parse(at))).toBe(ms);
});
