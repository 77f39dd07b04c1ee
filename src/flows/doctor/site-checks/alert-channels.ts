import type { Check } from '../../../domain/connector.ts';
import type { DoctorSite } from '../site.ts';
import { ok, warn } from './results.ts';

/** Whether those who are to be told can be told. Nothing is sent. */
export function alertChannelChecks({ alertChannels = new Map() }: Pick<DoctorSite, 'alertChannels'>): Check[] {
  return [...alertChannels.values()].map(({ id, kind, leadsTo, reach }) => ({
    id: `alerts.${id}`,
    title: `Alerts get through by ${id}`,
    looksAt:
      kind === 'email'
        ? 'the mail server: TLS and log-in, without a mail'
        : 'the server of its address: TLS, without a message',
    async run() {
      const reached = await reach();
      if (reached.kind === 'sent') return ok(`${leadsTo} answers; \`npx patchbay alerts test ${id}\` sends something`);
      return warn(reached.why, 'When something happens, nobody is told by this channel.', reached.hint);
    },
  }));
}
