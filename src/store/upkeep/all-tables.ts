import { createHash } from 'node:crypto';
import type { Tables } from '../tables.ts';

export type TableName = keyof Tables;
export type AnyRow = Record<string, string | number | null>;

/** Every table with the columns of its key. Only what tells of this very database stays behind in a move. */
export const tableKeys: Readonly<Record<TableName, readonly string[]>> = {
  calls: ['correlation_id'],
  call_refs: ['instance', 'kind', 'ref_key'],
  facts: ['correlation_id', 'source', 'fact_key', 'copy'],
  leads: ['dialer', 'lead_key'],
  lead_phones: ['phone', 'dialer', 'lead_key'],
  opt_outs: ['phone', 'correlation_id'],
  write_backs: ['id'],
  leases: ['name'],
  cursors: ['name'],
  plans_to_renew: ['correlation_id'],
  attention: ['kind', 'item_key'],
  audit_log: ['id'],
  transcripts: ['correlation_id', 'platform'],
  call_hours: ['hour', 'dialer', 'campaign', 'agent', 'agent_version', 'outcome_code'],
  call_days: ['day', 'dialer', 'campaign', 'agent', 'agent_version', 'outcome_code'],
  left_hours: ['correlation_id', 'registered_at'],
  console_sessions: ['id_hash'],
  log_in_failures: ['failure_key'],
  processes: ['id'],
  controls: ['kind', 'dialer', 'campaign', 'aspect'],
  mappings: ['version'],
  alerts: ['id'],
  alert_letters: ['id'],
  schema_migrations: ['id'],
};

const ofThisDatabase: readonly TableName[] = ['leases', 'processes', 'schema_migrations'];

export const movedTables = (Object.keys(tableKeys) as TableName[]).filter((table) => !ofThisDatabase.includes(table));

/** How many rows, and a sum over all of them that does not depend on their order. */
export interface TableSum {
  rows: number;
  sum: string;
}

export interface Summing {
  add(row: AnyRow): void;
  result(): TableSum;
}

export function startSum(): Summing {
  const sum = Buffer.alloc(32);
  let rows = 0;
  return {
    add(row) {
      rows += 1;
      const values = Object.keys(row)
        .sort()
        .map((column) => [column, row[column] ?? null]);
      const hash = createHash('sha256').update(JSON.stringify(values)).digest();
      for (let index = 0; index < sum.length; index += 1) sum[index] = (sum[index] ?? 0) ^ (hash[index] ?? 0);
    },
    result: () => ({ rows, sum: sum.toString('hex') }),
  };
}
