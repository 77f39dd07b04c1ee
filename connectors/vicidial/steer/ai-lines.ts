import type { LineControl, LineGroup } from '../../../src/domain/ai-lines.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { findLine, wordsOf } from '../api/api-answer.ts';
import type { VicidialConfig } from '../config.ts';
import type { VicidialDatabase } from '../tables/database.ts';
import type { RemoteAgentSetUp } from '../tables/site-rows.ts';
import { readRemoteAgents } from '../tables/site-set-up.ts';
import type { Vicidial } from '../vicidial.ts';

/**
 * The remote agents' lines, for the autopilot. They need the tables: the API tells neither the status of a remote agent nor
 * its lines, so that nobody could put back what was there.
 */
export function aiLines({ api, config }: Pick<Vicidial, 'api' | 'config'>, database: VicidialDatabase): LineControl {
  return {
    read: async () => (await readRemoteAgents(database)).filter((row) => leadsToAi(config, row)).map(groupOf),

    async set(user, { isOn, lines }) {
      const status = isOn ? 'ACTIVE' : 'INACTIVE';
      // Its lines say how many log in once it is ACTIVE again.
      const wanted = { agent_user: user, status, ...(isOn && { number_of_lines: String(lines) }) };
      const answer = await api.call('update_remote_agent', wanted);
      if (answer.kind === 'noFunction') {
        throw new ConnectorError('dialer_refused', 'this release of VICIdial has no update_remote_agent', {
          hint: 'It came in July 2024. Until then set the lines by hand: Admin, Remote Agents.',
        });
      }
      if (findLine(answer, 'success') || findLine(answer, 'notice', 'IS ALREADY')) return;
      throw new ConnectorError('dialer_refused', `VICIdial answered update_remote_agent: ${wordsOf(answer)}`, {
        hint: `See Admin, Remote Agents, ${user}.`,
      });
    },
  };
}

/** Other remote agents may lead to people: only those that are named, else those behind the carrier's prefix, are ours. */
function leadsToAi({ remoteAgents, campaigns, carrier }: VicidialConfig, row: RemoteAgentSetUp): boolean {
  if (remoteAgents.length > 0) return remoteAgents.some(({ user }) => user === row.user);
  return row.extension.startsWith(carrier.prefix) && (row.campaign in campaigns || '*' in campaigns);
}

function groupOf({ user, campaign, status, lines }: RemoteAgentSetUp): LineGroup {
  return { key: user, campaign, isOn: status === 'ACTIVE', lines };
}
