import type { VicidialDeps } from './deps.ts';
import { text } from './tables.ts';

/** The hopper's look at due callbacks: the lead gets its callback status and goes into the hopper, priority 50. */
export async function runCallbackDaemon(deps: VicidialDeps): Promise<void> {
  const { clock, tables, time, journal, stopping } = deps;
  while (!stopping.aborted) {
    const due = await tables.read(
      "SELECT * FROM vicidial_callbacks WHERE status = 'ACTIVE' AND recipient = 'ANYONE' AND callback_time <= ?",
      [time.local()],
    );
    for (const callback of due) {
      const leadId = callback.lead_id ?? 0;
      await tables.change('UPDATE vicidial_list SET status = ? WHERE lead_id = ?', [
        text(callback.lead_status),
        leadId,
      ]);
      await tables.insert('vicidial_hopper', {
        lead_id: leadId,
        campaign_id: text(callback.campaign_id),
        list_id: callback.list_id ?? 0,
        priority: 50,
        source: 'C',
      });
      await tables.change("UPDATE vicidial_callbacks SET status = 'LIVE' WHERE callback_id = ?", [
        callback.callback_id ?? 0,
      ]);
      const effect = {
        record: text(leadId),
        campaign: text(callback.campaign_id),
        by: 'dialer',
        isChange: true,
      } as const;
      journal.note({ kind: 'dialled', value: 'callback', ...effect });
    }
    await clock.sleep(10_000, stopping);
  }
}
