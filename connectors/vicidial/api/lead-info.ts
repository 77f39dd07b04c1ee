import { ConnectorError } from '../../../src/domain/errors.ts';
import { instantsOf } from '../server-time.ts';
import { leadFieldNames } from '../tables/schema.ts';
import { oddAnswer, recordOf, tabbed, wholeValue } from './answer-cells.ts';
import { findLine } from './api-answer.ts';
import type { LookUpAnswer, LookUps } from './look-ups.ts';

/** The values of a lead by column name; null when there is no such lead. */
export type LeadValues = ReadonlyMap<string, string> | null;

/** What the look-ups of the API tell of one lead. */
export interface LeadInfo {
  /**
   * The lead's own columns: at once where the release can, else one by one.
   *
   * @param codeOfCall gives the code of a call of the lead in the last hours, or '': another way to have most columns at once
   */
  columns(leadId: string, codeOfCall: () => Promise<string>, signal?: AbortSignal): Promise<LeadValues>;
  /** Custom fields that lie in the table of this list. Those that it does not define are missing. */
  customFields(
    leadId: string,
    list: string,
    labels: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, string>>;
  /** UTC seconds of the last change; null when the release can't tell. */
  modified(leadId: string, signal?: AbortSignal): Promise<number | null>;
}

/** The columns that lead_all_info and ccc_lead_info print before any custom field. */
const allInfoColumns = 32;
const codeInfoColumns = 30;

const singleColumns = [
  ...['status', 'user', 'list_id', 'entry_list_id', 'phone_code', 'phone_number', 'alt_phone'],
  ...leadFieldNames,
];

export function leadInfo(lookUps: LookUps, timeZone: string): LeadInfo {
  /** One column; null when there is no such lead, undefined when the release can't tell. */
  async function field(leadId: string, name: string, list: string, signal?: AbortSignal) {
    const asked = { lead_id: leadId, field_name: name, ...(list && { custom_fields: 'Y', list_id: list }) };
    const answer = await lookUps.ask('lead_field_info', asked, signal);
    if (answer.kind === 'lacking') return undefined;
    if (answer.kind === 'empty' || findLine(answer, 'error', 'FIELD NOT FOUND')) return '';
    return isMissing(answer, 'lead_field_info') ? null : wholeValue(answer.body);
  }

  async function byCode(leadId: string, callerCode: string, signal?: AbortSignal): Promise<LeadValues> {
    if (!callerCode) return null;
    const asked = { call_id: callerCode, header: 'YES', ...tabbed };
    const answer = await lookUps.ask('ccc_lead_info', asked, signal);
    if (answer.kind !== 'lines' || isMissing(answer, 'ccc_lead_info')) return null;
    const columns = recordOf(answer.body, codeInfoColumns);
    const entryList = columns && (await field(leadId, 'entry_list_id', '', signal));
    return columns && new Map([...columns, ['entry_list_id', entryList || '0']]);
  }

  async function oneByOne(leadId: string, signal?: AbortSignal): Promise<LeadValues> {
    const status = await field(leadId, 'status', '', signal);
    if (status === null) return null;
    if (status === undefined) throw tooOld();
    const values = await Promise.all(
      singleColumns.map(async (name) => [name, (await field(leadId, name, '', signal)) ?? ''] as const),
    );
    return new Map(values);
  }

  return {
    async columns(leadId, codeOfCall, signal) {
      const answer = await lookUps.ask('lead_all_info', { lead_id: leadId, header: 'YES', ...tabbed }, signal);
      if (answer.kind === 'empty') throw oddAnswer('lead_all_info');
      if (answer.kind === 'lines') {
        if (isMissing(answer, 'lead_all_info')) return null;
        const columns = recordOf(answer.body, allInfoColumns);
        if (columns) return columns;
      }
      return (await byCode(leadId, await codeOfCall(), signal)) ?? (await oneByOne(leadId, signal));
    },

    async customFields(leadId, list, labels, signal) {
      if (labels.length === 0) return new Map();
      // Where the lead's own entry_list_id is 0, VICIdial looks for no custom field unless it is told the list.
      const asked = { lead_id: leadId, custom_fields: 'Y', force_entry_list_id: list, header: 'YES', ...tabbed };
      const answer = await lookUps.ask('lead_all_info', asked, signal);
      const columns =
        answer.kind === 'lines' && !isMissing(answer, 'lead_all_info') && recordOf(answer.body, allInfoColumns);
      if (columns) return new Map([...columns].filter(([name]) => labels.includes(name)));
      const values = await Promise.all(labels.map((label) => customField(leadId, label, list, signal)));
      return new Map(values.filter((each) => each !== null));
    },

    async modified(leadId, signal) {
      const text = await field(leadId, 'modify_date', '', signal);
      // In the hour that comes twice the later one counts: rather a change too many than one unseen.
      const ms = text ? instantsOf(text, timeZone).at(-1) : undefined;
      return ms === undefined ? null : Math.floor(ms / 1000);
    },
  };

  /** A label that the list does not define breaks VICIdial's own SQL: a web server error, or nothing. */
  async function customField(leadId: string, label: string, list: string, signal?: AbortSignal) {
    try {
      const value = await field(leadId, label, list, signal);
      return value ? ([label, value] as const) : null;
    } catch (thrown) {
      if (thrown instanceof ConnectorError && thrown.code === 'dialer_odd') return null;
      throw thrown;
    }
  }
}

/** True when there is no such lead. A lead that only our user may not see is another matter. */
function isMissing(answer: Extract<LookUpAnswer, { kind: 'lines' }>, name: string): boolean {
  if (findLine(answer, 'error', 'LIST NOT FOUND')) {
    throw new ConnectorError('dialer_denied', `VICIdial refused ${name}: the API user may not see the lead's list`, {
      retryable: true,
      afterMs: 60_000,
      hint: "Add the campaign of the list to the allowed campaigns of the API user's user group.",
    });
  }
  const first = answer.lines[0];
  if (first?.kind !== 'error') return false;
  if (first.words.includes('NOT FOUND')) return true;
  throw oddAnswer(name);
}

function tooOld(): ConnectorError {
  return new ConnectorError('dialer_refused', "this release of VICIdial can't tell the status of a lead over its API", {
    hint: 'Give the connector access to the database, or upgrade VICIdial to a release of July 2016 or later.',
  });
}
