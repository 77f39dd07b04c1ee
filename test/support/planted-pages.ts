import { correlationRef } from '../../src/domain/connector.ts';
import type { FactBody } from '../../src/domain/fact.ts';
import { recordFacts } from '../../src/flows/record-facts.ts';
import { registerCall } from '../../src/flows/register-call.ts';
import type { OpenDeps } from '../unit/flows/open-deps.ts';

/** What somebody says or types who wants our pages to run it: out of a text, out of an attribute, as an address. */
export const planted = `"><script>pwned()</script><img src=x onerror=pwned()>' onmouseover='pwned()' x="\` \${pwned()}`;
const address = 'javascript:pwned()//';

/** A day of two calls, in which everything that comes from outside wants to be run. */
export async function plantEverywhere({ deps, dialer }: OpenDeps): Promise<void> {
  const now = () => new Date(deps.clock.now()).toISOString();
  const ago = (minutes: number) => new Date(deps.clock.now() - minutes * 60_000).toISOString();
  let told = 0;
  const tell = async (id: string, source: string, body: FactBody) => {
    told += 1;
    const fact = { refs: [correlationRef(id)], source, key: `${planted} ${told}`, at: ago(10 - told / 10), body };
    await recordFacts(deps, [fact], { budgetMs: 10_000 });
  };
  const lead = { dialer: 'carousel', list: planted, campaign: 'Autumn', changedAt: ago(60) };
  const fields = { first_name: planted, last_name: planted, [planted]: planted, email: planted, postal_code: '12345' };
  const plantedLead = { ...lead, key: `42${planted}`, phones: ['+13125550142'], fields };
  await deps.store.saveLeads([plantedLead, { ...lead, key: '43', phones: ['+13125550143'], fields }], now());

  for (const [leadKey, phone, outcome] of [
    [plantedLead.key, '+13125550142', 'sale'],
    ['43', '+13125550143', 'opt_out'],
  ] as const) {
    const leg = { dialer: 'carousel', callKey: `call ${planted}`, campaign: 'Autumn', list: planted, leadKey };
    const sighting = {
      refs: [{ instance: 'carousel', kind: planted, key: `${leadKey} ${planted}` }],
      leg: { ...leg, phone, agent: planted, number: '+13125550199', calledAt: ago(20) },
      fields,
    };
    const { correlationId: id } = await registerCall(deps, dialer, sighting, 'register', 10_000);
    const said = { summary: planted, fields: { [planted]: planted } };
    await tell(id, 'mind', { kind: 'started', agent: planted });
    await tell(id, 'mind', { kind: 'committed', outcome, ...said });
    await tell(id, 'mind', {
      kind: 'ended',
      outcome: 'hung_up',
      reason: planted,
      durationSec: 61,
      recordingUrl: address,
      agent: planted,
    });
    await tell(id, 'mind', { kind: 'analysed', outcome, ...said, recordingUrl: `${address}2`, agent: planted });
    await tell(id, 'carousel', { kind: 'leg-record', dialer: 'carousel', recordingUrls: [`${address}3`, planted] });
    await tell(id, 'carousel', { kind: 'dispositioned', dialer: 'carousel', disposition: planted, by: planted });
    await tell(id, 'mind', { kind: 'noted', event: planted, text: planted });
    await deps.store.keepTranscript({ correlationId: id, platform: 'mind', spoken: planted, keptAt: now() });
    const details = { call: planted, why: planted, candidates: id, code: planted, phone, hint: planted };
    await deps.store.raiseAttention(
      [
        { kind: 'ambiguous-call', key: `ambiguous ${planted} ${id}`, details: { ...details, [planted]: planted } },
        { kind: 'unlisted-outcome', key: `unlisted ${planted} ${id}`, details, correlationId: id },
        { kind: 'unknown-event', key: `event ${planted} ${id}`, details },
        { kind: 'forged-event', key: `forged ${planted} ${id}`, details },
        { kind: 'unplaced-opt-out', key: `unplaced ${planted} ${id}`, details },
        { kind: 'shared-number', key: `shared ${planted} ${id}`, details, correlationId: id },
        { kind: 'finding', key: `finding ${planted} ${id}`, details, correlationId: id },
      ],
      now(),
    );
    await deps.store.appendAudit({
      at: now(),
      by: planted,
      act: planted,
      subject: id,
      details: { [planted]: planted },
    });
  }

  const claimed = await deps.store.claimWriteBacks({
    dialer: 'carousel',
    limit: 1,
    leaseMs: 60_000,
    now: new Date(deps.clock.now() + 86_400_000).toISOString(),
  });
  await deps.store.settleWriteBacks(
    claimed.map(({ id, claim }) => ({
      id,
      claim,
      state: 'dead' as const,
      dueAt: now(),
      attempts: 12,
      inDoubt: false,
      receipt: planted,
      why: planted,
      hint: planted,
      now: now(),
    })),
  );
}
