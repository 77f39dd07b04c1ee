import { hideNumbers } from '../flows/support-bundle/hide-numbers.ts';
import { maskedPhone } from './components/phone.ts';

/**
 * A text with everything masked that can be a phone number, however it is written. Times, dates, UUIDs, caller codes and
 * correlation IDs stay.
 */
export function maskNumbers(text: string): string {
  return hideNumbers(text, maskedPhone);
}
