import { ConnectorError } from '../../../domain/errors.ts';
import { takeAlert } from '../../../flows/alerts/take-alert.ts';
import { testChannel } from '../../../flows/alerts/test-channel.ts';
import type { Action, ActionAnswer, Room } from '../../page.ts';
import { alertsPage } from './alerts-page.ts';

const path = 'alerts';

const take: Action = {
  path: 'alerts/take',
  least: 'operator',
  run: ({ deps, form, user }) =>
    orWhy(async () => {
      await takeAlert(deps, { id: form.alert?.[0] ?? '', by: user.name });
      return { kind: 'see', path, notice: 'You have it. It is neither told again nor passed on.' };
    }),
};

const test: Action = {
  path: 'alerts/test',
  least: 'operator',
  run: ({ deps, form, user }) =>
    orWhy(async () => {
      const channel = form.channel?.[0] ?? '';
      const sent = await testChannel(deps, { channel, by: user.name });
      if (sent.kind === 'sent') return { kind: 'see', path, notice: `${channel} has taken the test. Did it arrive?` };
      return { kind: 'see', path, notice: `${channel}: ${sent.why}. ${sent.hint}`, tone: 'warn' };
    }),
};

/** What the site tells of itself, and whom. */
export const alertsRoom: Room = {
  nav: {
    title: 'Alerts',
    path,
    async badge({ alertChannels, store }) {
      if (alertChannels.size === 0) return null;
      const open = (await store.openAlerts()).filter(({ endedAt, ackedAt }) => endedAt === null && ackedAt === null);
      const tone = open.some(({ level }) => level === 'urgent') ? 'bad' : 'warn';
      return open.length > 0 ? { count: open.length, words: 'alerts that nobody has taken', tone } : null;
    },
  },
  pages: [alertsPage],
  actions: [take, test],
};

async function orWhy(work: () => Promise<ActionAnswer>): Promise<ActionAnswer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.retryable) throw error;
    return { kind: 'see', path, notice: `${error.message}. ${error.hint}`, tone: 'warn' };
  }
}
