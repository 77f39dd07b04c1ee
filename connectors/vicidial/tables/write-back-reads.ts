import type { WriteBackReads } from '../reads.ts';
import type { ArchiveTables } from './archive-tables.ts';
import { AlternatePhone, FieldDefinition, LeadRow, LogRow, leadColumns, PhoneRow } from './schema.ts';
import type { TableReading } from './table-reads.ts';

const archivedLead = `SELECT ${leadColumns} FROM vicidial_list_archive l
  LEFT JOIN vicidial_lists s ON s.list_id = l.list_id WHERE l.lead_id = ?`;

/** What writing back needs beside the call itself, each by an index. */
export function writeBackReads({ database }: TableReading, archives: ArchiveTables): WriteBackReads {
  const newestRow = (table: string, leadId: string) =>
    database.select(
      LogRow,
      `SELECT uniqueid, campaign_id, status, user, start_epoch, end_epoch, length_in_sec FROM ${table}
       WHERE lead_id = ? ORDER BY call_date DESC LIMIT 1`,
      [Number(leadId)],
    );
  return {
    async archivedLead(leadId) {
      if (!(await archives()).has('vicidial_list_archive')) return null;
      const [row] = await database.select(LeadRow, archivedLead, [Number(leadId)]);
      return row ?? null;
    },
    async lastWord(leadId) {
      const rows = await Promise.all([newestRow('vicidial_log', leadId), newestRow('vicidial_closer_log', leadId)]);
      const [newest] = rows.flat().sort((a, b) => b.start_epoch - a.start_epoch);
      if (!newest) return null;
      const { uniqueid, campaign_id: campaign, status, user, end_epoch } = newest;
      return { uniqueid, campaign, status, user, isEnded: end_epoch > 0 };
    },
    fieldDefinitions: (list) =>
      database.select(
        FieldDefinition,
        'SELECT field_label, field_type, field_max, field_encrypt FROM vicidial_lists_fields WHERE list_id = ?',
        [list],
      ),
    alternateNumbers: (leadId) =>
      database.select(
        AlternatePhone,
        'SELECT lead_id, phone_code, phone_number, alt_phone_count FROM vicidial_list_alt_phones WHERE lead_id = ?',
        [Number(leadId)],
      ),
    async numbersHeld(forms) {
      const rows = await database.select(
        PhoneRow,
        'SELECT DISTINCT phone_number FROM vicidial_list WHERE phone_number IN (?)',
        [forms],
      );
      return rows.map((row) => row.phone_number);
    },
  };
}
