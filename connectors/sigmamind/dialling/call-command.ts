import { instantOf } from '../../../src/domain/clock.ts';
import type { Command, CommandOutput } from '../../../src/domain/connector.ts';
import { isOn, refuse, say } from '../../shared/answers.ts';
import { isOver } from '../api/states.ts';
import { type CallOutcome, callLead } from './call-lead.ts';
import type { Dialler } from './dialler.ts';
import { type DialWish, readWish, wishOptions } from './wish.ts';

const lookMs = 3000;

/** `patchbay <id> call <dialer> <lead key>`: SigmaMind calls one lead. */
export function callCommand(dialler: Dialler): Command {
  return {
    name: 'call',
    summary: 'has SigmaMind call one lead of a dialer; the outcome is written back like any other',
    arguments: [
      { name: 'dialer', summary: 'whose lead it is: a name under `dialers`, such as vicidial', isRequired: true },
      { name: 'lead', summary: "the dialer's key of the lead, as `patchbay sync` last read it", isRequired: true },
    ],
    options: wishOptions('one of the day in UTC: once a day'),
    async run([dialer = '', key = ''], options, output) {
      const today = instantOf(dialler.deps.clock).slice(0, 10);
      const wish = readWish(dialler, dialer, options, `call ${today}`);
      const lead = await dialler.deps.dialling.lead(dialer, key);
      if (!lead)
        return refuse(output, `No lead ${key} of ${dialer} is known.`, `Run \`patchbay sync ${dialer}\` first.`);
      const isTrial = isOn(options, 'dryRun');
      const result = await callLead(dialler, wish, lead, isTrial);
      tell(output, result, wish);
      if (result.kind === 'unsure' || result.kind === 'refused') return 1;
      if (isOn(options, 'watch') && result.callId) await watch(dialler, result, output);
      return 0;
    },
  };
}

function tell(output: CommandOutput, result: CallOutcome, { name }: DialWish): void {
  const lines: Record<CallOutcome['kind'], string> = {
    called: `SigmaMind calls the lead: ${result.correlationId}`,
    trial: 'The lead would be called.',
    before: `The lead was called under this name already: ${result.correlationId}`,
    refused: `The lead may not be called: ${result.why}`,
    unsure: 'Nobody can tell whether the lead is being called.',
  };
  const isGood = result.kind !== 'unsure' && result.kind !== 'refused';
  const hint = result.kind === 'unsure' && (result.why ? hintOfCampaign(name) : hintOfDoubt(name));
  say(output, { ok: isGood, name, ...result, ...(hint && { hint }) }, [
    lines[result.kind],
    ...(hint ? [`→ ${hint}`] : []),
  ]);
}

/** With the name, as without one tomorrow is another. */
function hintOfDoubt(name: string): string {
  return `Run it again in some minutes with --name "${name}": it looks for the call first. If that lasts, see the dashboard.`;
}

function hintOfCampaign(name: string): string {
  return `The lead is in the campaign "${name}", which was cut off: run \`campaign\` with that name again, or take another name.`;
}

/** Tells each state once, and the outcome that we hold when the call is over. */
async function watch({ api, deps }: Dialler, { callId, correlationId }: CallOutcome, output: CommandOutput) {
  let told = '';
  for (;;) {
    const call = await api.getCall(callId ?? '');
    if (!call) return;
    if (call.status !== told) {
      told = call.status;
      const reason = call.terminationReason && ` (${call.terminationReason})`;
      say(output, { status: call.status, reason: call.terminationReason }, [`${call.status}${reason}`]);
    }
    if (isOver(call)) break;
    await deps.clock.sleep(lookMs);
  }
  const [ours] = await deps.describeCalls({
    refs: [{ instance: 'patchbay', kind: 'correlation', key: correlationId }],
  });
  const outcome = ours?.call.outcome?.code ?? 'none yet';
  say(output, { outcome }, [`outcome: ${outcome}`]);
}
