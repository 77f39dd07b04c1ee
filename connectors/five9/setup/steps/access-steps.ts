import type { Five9 } from '../../five9.ts';
import type { StepOf } from './making.ts';

/** Accounts, and the way by which calls reach the AI. */
export function accessSteps(five9: Five9): StepOf[] {
  return [apiUsers(five9), ...connections(five9)];
}

function apiUsers({ config }: Five9): StepOf {
  const { users, host } = config.soap;
  return {
    id: 'api-users',
    title: 'API users',
    kind: 'manual',
    phase: 'access',
    checks: [
      'soap.reachable',
      'soap.login',
      'users.credentials',
      'users.single-use',
      'users.rights',
      'users.permissions',
    ],
    describe: () =>
      [
        'VCC Administrator → Users → Add User, once for each name below:',
        '',
        ...users.map(({ user }) => `- \`${user}\``),
        '',
        '- Role **Administrator**, with the permission to use the web services; for set-up also the rights on contact fields, dispositions, call variables, lists, campaigns and IVR scripts.',
        '- Log in by hand once, so that no password has to be changed. Never again after that, and nothing else may use the name: Five9 serves one session per user, and ends the other.',
        `- One user makes one call at a time. With many live calls take two or three, listed under \`soap.users\`. They log in at ${host}.`,
        '',
        'The password stands in the secrets of Patchbay, not in its configuration. A wrong one is tried once only: Five9 locks accounts.',
      ].join('\n'),
  };
}

function connections({ config }: Five9): StepOf[] {
  const having = (wanted: 'pop' | 'carrier') =>
    Object.entries(config.campaigns).flatMap(([name, { connection, script }]) =>
      script && connection === wanted ? [{ name, number: script.transferTo }] : [],
    );
  const pop = having('pop');
  const carrier = having('carrier');
  const steps: StepOf[] = [];
  if (pop.length > 0) steps.push(popStep(config.ivr.sipServer, pop));
  if (carrier.length > 0) steps.push(carrierStep(config.ivr.sipServer, carrier));
  return steps;
}

interface Transfer {
  name: string;
  number: string;
}

const table = (transfers: readonly Transfer[]) => [
  '| campaign | number that Five9 transfers to |',
  '| --- | --- |',
  ...transfers.map(({ name, number }) => `| ${name} | \`${number}\` |`),
  '',
];

function popStep(sipServer: string, transfers: readonly Transfer[]): StepOf {
  return {
    id: 'connection-pop',
    title: 'Dedicated trunk between Five9 and the AI platform',
    kind: 'manual',
    phase: 'access',
    checks: ['campaigns.connection', 'scripts.number', 'scripts.number-form'],
    describe: () =>
      [
        "It takes both companies, and some days. No carrier is in between, so `X-` headers and the customer's number arrive.",
        '',
        ...table(transfers),
        '1. Write to the support of the AI platform and to your Five9 specialist, both in one thread, and ask for a **dedicated SIP trunk** between the Five9 point of presence that serves your domain and the SIP endpoints of the platform in that region. Whether it is offered depends on the region.',
        `2. Each side **allows the other's addresses**: Five9 those that the platform names, the platform those of the point of presence. The platform's public server \`${sipServer}\` has no fixed addresses, so it can't be used for this.`,
        '3. Ask Five9 to make each number above **known to your domain** (inventory, or a pseudo number) and to route it to that trunk. A number that Five9 does not know goes out over the public network: it rings, and the headers are lost.',
        '4. Ask for G.711 µ-law on the whole way, RFC 2833 for digits, and that `X-` headers of INVITE and BYE are passed on.',
        '5. Register each number at the AI platform as it is written above.',
      ].join('\n'),
  };
}

function carrierStep(sipServer: string, transfers: readonly Transfer[]): StepOf {
  return {
    id: 'connection-carrier',
    title: 'Trunk at your carrier (Twilio or Telnyx)',
    kind: 'manual',
    phase: 'access',
    checks: ['campaigns.connection', 'campaigns.caller-id', 'scripts.number', 'scripts.number-form'],
    describe: () =>
      [
        'Quick to have, billed by the minute. Headers may be lost on the way: calls are told apart by the inbound-call webhook of the AI platform.',
        '',
        ...table(transfers),
        "In the carrier's console: an **Elastic SIP Trunk**.",
        '',
        '| field | value |',
        '| --- | --- |',
        `| Origination URI | \`sip:${sipServer}\` |`,
        '| Secure media (SRTP) | on |',
        '| Codec | G.711 µ-law (PCMU) |',
        '| Phone numbers | each number above; it is the number in the transfer module, and at the AI platform |',
        '| Termination URI | of your choice; the AI platform asks for it as the Terminal URI of each number, for calls that the AI makes |',
        '',
        'The Origination URI is where calls to these numbers go: the AI platform. The Termination URI is where calls of the AI come in: your carrier. They are easily mixed up.',
        '',
        "Set up the inbound-call webhook at the AI platform too (its own step), and show the customer's number (step about the caller id).",
      ].join('\n'),
  };
}
