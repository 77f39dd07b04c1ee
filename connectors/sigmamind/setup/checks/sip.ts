import { randomUUID } from 'node:crypto';
import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { fail, looked, ok, warn } from '../check-results.ts';
import type { SeenSite } from '../seen-site.ts';
import { askOptions } from '../sip-options.ts';

const explained: Readonly<Record<number, string>> = {
  401: 'it asks who we are, so it is there',
  403: 'it does not talk to strangers, so it is there',
  404: 'it knows no such address, so it is there; a call also needs a registered number',
  405: 'it does not take this request, so it is there',
};

export function sipChecks(site: SeenSite): Check[] {
  return [
    {
      id: 'sip.transport',
      title: 'Transport and port of the SIP server fit together',
      looksAt: 'our configuration: sip.transport, sip.port',
      run: async () => checkTransport(site),
    },
    {
      id: 'sip.answers',
      title: "SigmaMind's SIP server answers from here",
      looksAt: 'a SIP OPTIONS request to sip.host',
      needs: ['sip.transport'],
      run: () => looked(() => checkAnswers(site)),
    },
  ];
}

function checkTransport({ id, config: { sip } }: SeenSite): CheckResult {
  const { transport, port } = sip;
  const isTls = transport === 'tls';
  if (isTls ? port === 5060 : port === 5061) {
    return fail(
      `${transport} on port ${port}`,
      `Port 5061 speaks TLS, port 5060 does not: nothing is understood.`,
      `Set \`platforms.${id}.sip.port\` to ${isTls ? 5061 : 5060}, or \`sip.transport\` to ${isTls ? 'udp or tcp' : 'tls'}; the carrier of the dialer must use the same.`,
    );
  }
  return ok(`${sip.host}:${port} over ${transport}`);
}

function fixOf(id: string, { transport, port, host }: SeenSite['config']['sip'], why: string): string {
  if (/ENOTFOUND|EAI_AGAIN|ENODATA/.test(why)) {
    return `Correct \`platforms.${id}.sip.host\` (${host}), or see to the name server of this machine.`;
  }
  if (/CERT|SSL|TLS|SIGNED/.test(why)) {
    return `Its certificate is not for ${host}, or not to be trusted: correct \`platforms.${id}.sip.host\`, or see what answers there in its place.`;
  }
  return `Let ${transport === 'udp' ? 'UDP' : 'TCP'} port ${port} out of the firewall here and at the dialer; SigmaMind has no fixed addresses to allow, so allow by name or port. Try another \`sip.transport\`.`;
}

async function checkAnswers({ id, config: { sip } }: SeenSite): Promise<CheckResult> {
  const where = `${sip.host}:${sip.port} over ${sip.transport}`;
  const answer = await askOptions(sip, { newId: randomUUID });
  if (answer.kind === 'silent') {
    return fail(
      `${where} does not answer: ${answer.why}`,
      'The dialer sends the customer there: from this machine at least, no call would get through.',
      fixOf(id, sip, answer.why),
    );
  }
  const words = `${where} answered ${answer.status} ${answer.reason} after ${answer.tookMs} ms`;
  if (answer.status < 500) {
    const why = explained[answer.status];
    return ok(why ? `${words}: ${why}` : words);
  }
  return warn(
    words,
    'It is there, but takes no calls now.',
    'Try again in a minute; see the status page of SigmaMind if it lasts.',
  );
}
