import { ConnectorError } from '../../src/domain/errors.ts';
import type { SoftphoneAccount } from '../../src/domain/test-call.ts';
import type { Five9Config } from './config.ts';

/** Five9 has no account for a softphone: one at the trunk reaches the platform past all carriers, without any script. */
export function softphoneOf({ campaigns, ivr }: Five9Config, campaign: string): SoftphoneAccount {
  const settings = campaigns[campaign];
  if (!settings?.script) {
    throw new ConnectorError('bad_request', `the campaign "${campaign}" has no script in the configuration`, {
      hint: `Give \`campaigns.${campaign}.script\` at least \`transferTo\` and \`skill\`.`,
    });
  }
  const isCarrier = settings.connection === 'carrier';
  return {
    server: isCarrier ? 'the Termination URI of your trunk at the carrier' : 'the host of the dedicated trunk',
    user: isCarrier
      ? 'a user of the credential list of that trunk'
      : 'the user that the provider of the trunk gave you',
    passwordFrom: isCarrier ? "the credential list in the carrier's console" : 'the provider of the trunk',
    dial: settings.script.transferTo,
    notes: [
      `The trunk must lead ${settings.script.transferTo} to ${ivr.sipServer}; codec G.711 µ-law${isCarrier ? ', SRTP on' : ''}.`,
      'No script of Five9 runs: no headers are sent, and Patchbay is not asked. It shows the trunk and the agent only.',
    ],
  };
}
