import { dispose } from '../../dispose.ts';
import { note } from '../../five9-domain.ts';
import { actorOf, type Run, type Step } from '../run-script.ts';

/** Skill Transfer: an agent, when the call has one, talks and gives the call and its record a disposition. */
export async function skillTransferModule(run: Run): Promise<Step> {
  const { call, campaign, contact, deps, human } = run;
  const { domain } = deps;
  domain.imports.settle();
  call.branch = 'skill';
  call.variables = run.variables.texts();
  note(domain, actorOf(run, 'ivr'), {
    kind: 'transfer',
    record: call.number1,
    campaign: campaign.name,
    value: 'skill',
    isChange: true,
  });
  if (!human) return { kind: 'end' };
  await deps.clock.sleep(human.afterSec * 1000);
  deps.signal.throwIfAborted();
  domain.imports.settle();
  call.humanDisposition = human.disposition;
  call.disposition = human.disposition;
  const disposition = domain.dispositions.get(human.disposition) ?? { name: human.disposition, type: 'FinalDisp' };
  if (contact) dispose(domain, actorOf(run, 'human'), campaign, contact, disposition);
  return { kind: 'end' };
}
