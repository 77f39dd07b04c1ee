import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { ConnectorError, messageOf } from '../../../../src/domain/errors.ts';
import { fail, ok } from '../check-results.ts';
import type { SeenSite } from '../seen-site.ts';

export function accessChecks(site: SeenSite): Check[] {
  return [
    {
      id: 'api.key',
      title: 'SigmaMind answers, and takes our API key',
      looksAt: 'GET /v1/phone-numbers',
      run: () => checkKey(site),
    },
  ];
}

async function checkKey({ id, config, phoneNumbers }: SeenSite): Promise<CheckResult> {
  try {
    const numbers = await phoneNumbers();
    return ok(`accepted by ${config.apiUrl}; ${numbers.length} phone number(s) in the workspace`);
  } catch (error) {
    const isAway = error instanceof ConnectorError && error.retryable;
    const fix = isAway
      ? `Check the network of this machine, and \`platforms.${id}.apiUrl\`; see the status page of SigmaMind.`
      : `SigmaMind dashboard → Deploy → API Keys: copy the Production key of this workspace into \`platforms.${id}.apiKey\`.`;
    return fail(
      messageOf(error),
      'Without the API nothing at SigmaMind can be seen, set up, or read after a call.',
      fix,
    );
  }
}
