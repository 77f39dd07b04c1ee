import type { CallRef, Leg } from '../../../src/domain/call.ts';
import type { CallResult, ControlAnswer, LiveCallControl } from '../../../src/domain/dialer.ts';
import { findLine, wordsOf } from '../api/api-answer.ts';
import { parseCallerCode } from '../caller-code.ts';
import type { Vicidial } from '../vicidial.ts';
import { leadStatusOf } from '../write/lead-status.ts';
import { becameOf } from './became-of.ts';
import { readTransferTarget, type TransferTarget } from './transfer-target.ts';

type Command = TransferTarget | { stage: 'HANGUP' };

/** Acts on a live call by ra_call_control. SUCCESS says that the command is queued, not that the line was cut. */
export function liveCallControl(vicidial: Vicidial): LiveCallControl {
  return {
    hangUp: (leg, result) => control(vicidial, leg, { stage: 'HANGUP' }, statusOf(result)),
    async transfer(leg, to, result) {
      const target = readTransferTarget(to);
      if (target) return await control(vicidial, leg, target, statusOf(result));
      return { kind: 'refused', why: 'the target is neither an in-group nor an extension', hint: targetHint };
    },
    async look(leg, result) {
      const isHere = await isLive(vicidial, leg);
      return isHere ? 'here' : await becameOf(vicidial, leg, statusOf(result));
    },
    hangUpLeftOverSec: vicidial.config.settle.hangUpLeftOverSec,
    liveCalls: () => liveCalls(vicidial),
  };
}

const targetHint = 'Write it as ingroup:NAME or extension:NUMBER in `transfers`.';

/** A lead with a callback must not be dialled before: CBHOLD keeps it out of the hopper. */
function statusOf(result: CallResult): string {
  return result.disposition && leadStatusOf({ aspect: 'disposition', ...result });
}

async function control(vicidial: Vicidial, leg: Leg, command: Command, status: string): Promise<ControlAnswer> {
  // The user is written to the log, so it must be the line that really has the call.
  const user = (await vicidial.reads.lineOf(leg.callKey)) || leg.agent;
  if (!user) return await withoutLine(vicidial, leg, status);
  const answer = await vicidial.api.callAgent('ra_call_control', {
    agent_user: user,
    value: leg.callKey,
    ...command,
    // Without one, VICIdial writes RAXFER.
    ...(status && { status }),
  });
  if (findLine(answer, 'success')) return { kind: 'done' };
  if (findLine(answer, 'error', 'no active call found')) return { kind: await becameOf(vicidial, leg, status) };
  const isGroup = findLine(answer, 'error', 'ingroup is not valid') !== undefined;
  return {
    kind: 'refused',
    why: `VICIdial answered ra_call_control: ${wordsOf(answer)}`,
    hint: isGroup
      ? "The in-group must exist and be active; without a configured one, the campaign's default transfer group counts."
      : 'Check that the remote-agent lines are logged in, and the release of the Agent API.',
  };
}

async function withoutLine(vicidial: Vicidial, leg: Leg, status: string): Promise<ControlAnswer> {
  if (!(await isLive(vicidial, leg))) return { kind: await becameOf(vicidial, leg, status) };
  return {
    kind: 'refused',
    why: 'no line of a remote agent has the call',
    hint: 'Look at the live calls and the remote agents in VICIdial: the line may have logged out.',
  };
}

async function isLive({ reads }: Vicidial, leg: Leg): Promise<boolean> {
  const calls = await reads.liveCalls(leg.callKey, leg.leadKey);
  return calls.some(({ callerid }) => callerid === leg.callKey);
}

async function liveCalls({ id, reads, config, deps }: Vicidial): Promise<CallRef[]> {
  const now = deps.clock.now();
  const lines = await reads.liveLines();
  return lines.flatMap(({ callerid }) => {
    const code = callerid && parseCallerCode(callerid, now, config.timeZone);
    return code ? [{ instance: id, kind: 'caller-code', key: code.key }] : [];
  });
}
