import { ConnectorError } from '../../../src/domain/errors.ts';
import type { ApiAnswer } from './api-answer.ts';
import { type ApiFunctionNeeds, apiFunctions, userRights } from './functions.ts';

/** After so long a missing right is tried again: an admin may have given it. */
export const rightsPauseMs = 60_000;

/** A refusal for want of a right, which it names as VICIdial's admin pages do. */
export function rightsError(functionName: string, answer: Extract<ApiAnswer, { kind: 'denied' }>): ConnectorError {
  return new ConnectorError('dialer_denied', `VICIdial refused ${functionName}: ${answer.words}`, {
    retryable: true,
    afterMs: rightsPauseMs,
    hint: hintFor(functionName, answer),
  });
}

function hintFor(functionName: string, { words, isFunction }: Extract<ApiAnswer, { kind: 'denied' }>): string {
  if (isFunction) return `Add ${functionName} to the API user's "API allowed functions" (api_allowed_functions).`;
  if (/IP Address/i.test(words)) {
    return 'Add the address of this server to the API IP list (api_ip_list) of the API user’s user group.';
  }
  if (/Invalid Source/i.test(words)) return 'Change api.source: VICIdial takes 2 to 20 letters and digits.';
  if (/NOT ACTIVE/i.test(words)) return 'Switch the Agent API on: System Settings, Agent API Active.';
  const needs = (apiFunctions as Readonly<Record<string, ApiFunctionNeeds>>)[functionName];
  if (!needs) return 'Give the API user the rights that the README of this connector lists.';
  const rights = needs.rights.map((right) => `${userRights[right].label} ${userRights[right].value} (${right})`);
  return `Give the API user level ${needs.level}${rights.length > 0 ? ` and ${rights.join(', ')}` : ''}.`;
}
