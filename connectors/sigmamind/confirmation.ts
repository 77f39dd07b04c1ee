import type { PlatformEvent } from '../../src/domain/platform.ts';
import type { SigmamindConfig } from './config.ts';
import type { EventPayload } from './payload.ts';

/** Whether an event counts only once the call's record bears it out: by choice always, or where it says nothing itself. */
export function confirmation(
  choice: SigmamindConfig['webhook']['confirm'],
  payload: EventPayload,
): Pick<PlatformEvent, 'confirm'> {
  if (choice === 'never' || payload.callId === '') return {};
  if (isBare(payload)) return { confirm: 'bare' };
  return choice === 'always' ? { confirm: 'whole' } : {};
}

function isBare(payload: EventPayload): boolean {
  const { variables, insights, status, terminationReason, durationSec, recordingUrl, numbers, startedAt } = payload;
  const hasContent = Object.keys({ ...variables, ...insights }).length > 0 || durationSec !== undefined;
  const texts = [status, terminationReason, recordingUrl, numbers.customer, numbers.own, startedAt];
  return !hasContent && texts.every((text) => !text);
}
