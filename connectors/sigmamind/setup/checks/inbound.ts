import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { looked, ok, unknown } from '../check-results.ts';
import { inboundQuestionCursor } from '../inbound-question.ts';
import type { SeenSite } from '../seen-site.ts';

const recentMs = 7 * 24 * 3_600_000;

export function inboundChecks(site: SeenSite): Check[] {
  return [
    {
      id: 'inbound-webhook.url',
      title: 'SigmaMind asks us about calls that come in, where that is set up',
      looksAt: 'inboundCall.tokens, and the last question that came; the API does not show the URL',
      run: () => looked(() => checkInbound(site)),
    },
  ];
}

async function checkInbound({ id, config, deps }: SeenSite): Promise<CheckResult> {
  if (config.inboundCall.tokens.length === 0) {
    return ok('not used: no token is configured, so no carrier may stand between dialer and SigmaMind');
  }
  const last = await deps.readCursor(inboundQuestionCursor).catch(() => '');
  if (last !== '' && deps.clock.now() - Date.parse(last) < recentMs) return ok(`last asked at ${last}`);
  return unknown(
    last
      ? `last asked at ${last}, more than a week ago`
      : 'no question has come so far, as far as can be seen from here',
    'Calls that come by a carrier lose their headers: only the answer to this question tells the agent which call it has. While a configured URL does not answer, SigmaMind drops the call.',
    `Dashboard → Deploy → Phone Numbers → the number → Inbound Call Setting → Inbound Webhook URL: ${deps.publicUrl}/v1/platforms/${id}/inbound-call/<token>, the token from \`platforms.${id}.inboundCall.tokens\`. Then make a call. If no call comes by a carrier, take the token out.`,
  );
}
