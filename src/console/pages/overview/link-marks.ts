import type { BacklogForecast } from '../../../domain/link-report.ts';
import type { LinkNow } from '../../../flows/site-state.ts';
import { address } from '../../address.ts';
import type { Tone } from '../../components/badge.ts';

/** Colour and shape of each state of a link. */
export const stateTones: Readonly<Record<LinkNow['state'], Tone>> = {
  ok: 'good',
  silent: 'off',
  slow: 'warn',
  errors: 'bad',
  broken: 'bad',
  unknown: 'info',
};

/** Where one goes from a link: to what waits for it, else to what the doctor says of it. */
export function linkHref({ id, kind }: Pick<LinkNow, 'id' | 'kind'>, backlog: readonly BacklogForecast[]): string {
  const waits = kind === 'dialer' && backlog.some(({ waiting, submitted }) => waiting + submitted > 0);
  return waits ? address('write-backs', { dialer: id }) : address('doctor', { instance: id });
}
