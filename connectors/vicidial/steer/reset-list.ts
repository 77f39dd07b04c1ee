import { z } from 'zod';
import type { Command } from '../../../src/domain/connector.ts';
import { isOn, readWhole, refuse, say } from '../../shared/answers.ts';
import { findLine, wordsOf } from '../api/api-answer.ts';
import type { VicidialDatabase } from '../tables/database.ts';
import type { Vicidial } from '../vicidial.ts';
import { dialStatusesOf, leadsAtOnce, leadsOfList } from './dialable-leads.ts';
import { needTables } from './need-tables.ts';

const List = z.object({
  list_id: z.string(),
  list_name: z.string().nullable(),
  campaign_id: z.string().nullable(),
  active: z.string().nullable(),
});

/** Makes the called leads of a list dialable again. */
export function resetListCommand(vicidial: Vicidial): Command {
  return {
    name: 'reset-list',
    summary: 'makes the called leads of a list dialable again',
    arguments: [{ name: 'list', summary: 'the list id', isRequired: true }],
    options: [
      { flags: '--dry-run', summary: 'only count the leads that would be dialled again' },
      { flags: '--yes', summary: 'do it: the dialer begins at once' },
    ],
    async run([word], options, output) {
      const listId = readWhole(word, 'the list', 1, 99_999_999_999);
      const database = needTables(vicidial, 'reset-list (it counts who would be called again)');
      const [list] = await database.select(
        List,
        'SELECT list_id, list_name, campaign_id, active FROM vicidial_lists WHERE list_id = ?',
        [listId],
      );
      if (!list) return refuse(output, `VICIdial has no list ${listId}`, 'See Admin, Lists.');

      const statuses = (await dialStatusesOf(database, [list.campaign_id ?? ''])).get(list.campaign_id ?? '') ?? [];
      const { leads, again } = await countAgain(vicidial, database, listId, statuses);
      const facts = {
        list: listId,
        name: list.list_name,
        campaign: list.campaign_id,
        active: list.active === 'Y',
        leads,
        dialableAgain: again,
      };
      const lines = [
        `List ${listId} "${list.list_name}" of campaign ${list.campaign_id}, ${facts.active ? 'active' : 'not active'}: ${leads} leads.`,
        `${again} called leads with a dial status (${statuses.join(' ')}) become dialable again.`,
      ];
      if (isOn(options, 'dryRun')) {
        say(output, { ok: true, dryRun: true, ...facts }, lines);
        return 0;
      }
      if (!isOn(options, 'yes')) {
        if (!output.isJson) for (const line of lines) output.write(line);
        return refuse(output, 'Nothing was reset.', 'Add --yes: VICIdial begins to dial them at once.', facts);
      }

      const answer = await vicidial.api.call('update_list', { list_id: String(listId), reset_list: 'Y' });
      // A reset alone is told by notices only, after one that says that nothing else was to be changed.
      if (!findLine(answer, 'notice', 'HAVE BEEN RESET')) {
        const words = answer.kind === 'noFunction' ? 'this release of VICIdial has no update_list' : wordsOf(answer);
        return refuse(output, `The list was not reset: ${words}.`, `Reset it by hand: Admin, Lists, ${listId}.`, facts);
      }
      say(output, { ok: true, ...facts }, [...lines, 'The list has been reset.']);
      return 0;
    },
  };
}

/** Page by page with pauses: one long count would hold up the dialer. */
async function countAgain(
  { config, deps }: Vicidial,
  database: VicidialDatabase,
  list: number,
  statuses: readonly string[],
): Promise<{ leads: number; again: number }> {
  let leads = 0;
  let again = 0;
  let after = '0';
  for (;;) {
    const page = await leadsOfList(database, list, after);
    leads += page.length;
    again += page.filter(({ status, called }) => called !== 'N' && statuses.includes(status)).length;
    if (page.length < leadsAtOnce) return { leads, again };
    after = page.at(-1)?.lead_id ?? after;
    await deps.clock.sleep(config.sync.pauseMs);
  }
}
