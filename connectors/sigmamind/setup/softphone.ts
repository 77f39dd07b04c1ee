import type { SoftphoneAccount } from '../../../src/domain/test-call.ts';
import type { SigmamindConfig } from '../config.ts';

/** How a softphone calls a number of SigmaMind without dialer and carrier. */
export function softphoneAccount(config: SigmamindConfig, number: string): SoftphoneAccount {
  const { host, port, transport } = config.sip;
  const agentId = config.numbers[number]?.agentId;
  return {
    server: `${host}:${port}`,
    user: 'any name; do not register',
    passwordFrom: 'none: SigmaMind knows its customers by the number that is called',
    dial: `sip:${number}@${host}:${port};transport=${transport}`,
    notes: [
      `Transport ${transport.toUpperCase()}, codec G.711 µ-law; SRTP may be on.`,
      agentId
        ? `${agentId} answers.`
        : `${number} is not in the configuration: see Deploy → Phone Numbers for who answers.`,
      'Such a call has no headers: the prompt sees empty variables, and no dialer hears of it. Zoiper and Linphone can add headers such as X-correlation_id by hand.',
      'A 404 means that the number is not registered, silence that a firewall is in between.',
    ],
  };
}
