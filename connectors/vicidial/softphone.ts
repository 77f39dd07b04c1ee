import type { SoftphoneAccount } from '../../src/domain/test-call.ts';
import { extensionOf } from './setup/carrier-config.ts';
import { numberOf } from './setup/wanted-agents.ts';
import type { Vicidial } from './vicidial.ts';

/** The phone that the set-up has the admin make for it. */
const phone = 'patchbaytest';

/** A phone of the dialer itself: it dials the platform's carrier as a remote agent's line would. */
export function softphoneOf({ config, id }: Pick<Vicidial, 'config' | 'id'>, campaign: string): SoftphoneAccount {
  const number = numberOf(config, campaign);
  const [server] = config.remoteAgents.filter((agent) => (agent.campaign ?? campaign) === campaign);
  return {
    server: server?.server ?? new URL(config.api.url).hostname,
    user: phone,
    passwordFrom: `Admin → Phones → ${phone} → Registration Password`,
    dial: number ? extensionOf(config.carrier.prefix, number) : '',
    notes: [
      `Make the phone first: step ${id}:softphone-account of \`npx patchbay setup\`.`,
      "The call has no lead: VICIdial's records show nothing of it, and no header but the correlation ID has a value.",
      ...(server?.server ? [] : ['The server is the dialer, where web server and dialer are not one machine.']),
      ...(number ? [] : ['No number is configured: carrier.number, or campaigns.<name>.number.']),
    ],
  };
}
