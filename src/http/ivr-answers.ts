import type { Variables } from '../domain/connector.ts';
import type { Dialer } from '../domain/dialer.ts';
import { campaignSettings } from '../domain/settings.ts';
import type { OutcomeAnswer } from '../flows/read-outcome.ts';
import type { Registration } from '../flows/register-call.ts';
import { screenPopOf } from '../flows/screen-pop.ts';
import { type AnswerEntry, readFormat, renderAnswer } from './render-answer.ts';
import { readHeaderForm, renderHeaders } from './render-headers.ts';

export type Endpoint = 'register' | 'outcome' | 'context' | 'headers';

/** What a script is told, and what of it is noted. */
export interface Answer {
  contentType: string;
  body: string;
  status: string;
  /** Of the call; empty when none is known. */
  correlationId: string;
}

type RegisterAnswer = Omit<Registration, 'status' | 'sentHeaders'> & { status: string; error: string };

export function registrationAnswer(variables: Variables, registration: RegisterAnswer): Answer {
  const entries: AnswerEntry[] = [
    { key: 'status', value: registration.status, kind: 'code' },
    { key: 'route', value: registration.route, kind: 'code' },
    { key: 'reason', value: registration.reason, kind: 'code' },
    { key: 'correlation_id', value: registration.correlationId, kind: 'code' },
    { key: 'error', value: registration.error, kind: 'text' },
    ...registration.headers.map(([key, value]) => ({ key, value, kind: 'text' }) as const),
  ];
  const { status, correlationId } = registration;
  return { ...renderAnswer(entries, readFormat(variables.format)), status, correlationId };
}

export function outcomeAnswer(variables: Variables, answer: OutcomeAnswer): Answer {
  const entries: AnswerEntry[] = [
    { key: 'status', value: answer.status, kind: 'code' },
    { key: 'route', value: answer.route, kind: 'code' },
    { key: 'outcome', value: answer.outcome, kind: 'code' },
    { key: 'disposition', value: answer.disposition, kind: 'code' },
    { key: 'callback_at', value: answer.callbackAt, kind: 'code' },
    { key: 'summary', value: answer.summary, kind: 'summary' },
    { key: 'correlation_id', value: answer.correlationId, kind: 'code' },
    { key: 'error', value: answer.error, kind: 'text' },
    ...answer.screenPop.map(([key, value]) => ({ key, value, kind: 'text' }) as const),
  ];
  const { status, correlationId } = answer;
  return { ...renderAnswer(entries, readFormat(variables.format)), status, correlationId };
}

/** Every key of the endpoint is there, so that each regular expression of a script finds its own. */
export function errorAnswer(name: Endpoint, variables: Variables, dialer: Dialer | undefined, error: string): Answer {
  const campaign = variables.campaign ?? '';
  const route = dialer ? campaignSettings(dialer.settings, campaign).safeRoute : 'skill';
  if (name === 'headers')
    return { ...renderHeaders([], readHeaderForm(variables.fmt)), status: 'error', correlationId: '' };
  if (name === 'register') {
    const headers = (dialer?.settings.headers ?? []).map((header) => [header.name, ''] as const);
    return registrationAnswer(variables, { status: 'error', route, reason: '', error, correlationId: '', headers });
  }
  const screenPop = dialer ? screenPopOf(dialer.settings, campaign, null, name === 'context') : [];
  return outcomeAnswer(variables, { ...emptyOutcome, status: 'error', route, error, screenPop });
}

const emptyOutcome = { outcome: '', disposition: '', callbackAt: '', summary: '', correlationId: '' };
