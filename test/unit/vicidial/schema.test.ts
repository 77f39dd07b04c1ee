import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { undoubled } from '../../../connectors/vicidial/tables/doubled-text.ts';
import { Callback, LeadRow, LiveRow, LogRow, leadColumns } from '../../../connectors/vicidial/tables/schema.ts';
import { decodeBytes } from '../../../connectors/vicidial/tables/texts.ts';

const bareLead = { lead_id: '1001', phone_number: '3035551000' };

describe('rows of the tables', () => {
  it.each(['0000-00-00', '0000-00-00 00:00:00', '2026-00-00', '1980-05-00', null, undefined, ''])(
    'takes the date %s for none',
    (date) => {
      const lead = LeadRow.parse({ ...bareLead, date_of_birth: date, last_local_call_time: date });
      const callback = Callback.parse({ callback_time: date, status: 'ACTIVE' });

      expect([lead.date_of_birth, lead.last_local_call_time, callback.callback_time]).toEqual(['', '', '']);
    },
  );

  it('keeps a good date as it is', () => {
    expect(LeadRow.parse({ ...bareLead, date_of_birth: '1980-05-10' }).date_of_birth).toBe('1980-05-10');
  });

  it('reads NULLs as nothing, and signed offsets as they are written', () => {
    const row = {
      ...bareLead,
      first_name: null,
      entry_list_id: null,
      gmt_offset_now: '-5.00',
      rank: '-3',
      modified: null,
    };

    const lead = LeadRow.parse(row);

    expect(lead).toMatchObject({ first_name: '', entry_list_id: 0, gmt_offset_now: '-5.00', rank: '-3', modified: 0 });
  });

  it.each(['', { length: { valueOf: 1, toString: 1 } }])('refuses a name that is no text: %j', (uniqueid) => {
    expect(LogRow.safeParse({ uniqueid, start_epoch: '1763657999', end_epoch: null }).success).toBe(false);
  });

  it('takes an end that is NULL for none', () => {
    expect(LogRow.parse({ uniqueid: '1.1', start_epoch: '1763657999', end_epoch: null }).end_epoch).toBe(0);
  });

  it.each([{ callerid: null }, { lead_id: '0' }, { lead_id: null }])('leaves out a live row with %j', (change) => {
    expect(LiveRow.safeParse({ callerid: 'V1200959590000001001', lead_id: '1001', ...change }).success).toBe(false);
  });

  it('quotes every column, since some names are reserved words', () => {
    expect(leadColumns).toContain('l.`rank`');
  });
});

describe('decodeBytes', () => {
  it('reads every text back that a web page stored as UTF-8', () => {
    const text = fc.string({ unit: 'binary' }).filter((each) => !each.startsWith('\uFEFF'));
    fc.assert(fc.property(text, (each) => decodeBytes(Buffer.from(each, 'utf8')) === each));
  });

  it('reads every text back that was loaded as windows-1252', () => {
    // In such a text a letter like é stands before plain letters, which is never valid as UTF-8.
    const word = fc.array(fc.constantFrom('é', 'ü', 'ß', 'Ñ', 'a', 'z', ' ', '-'), { minLength: 1 });
    fc.assert(
      fc.property(word, (letters) => {
        const text = `${letters.join('')}x`;
        expect(decodeBytes(Buffer.from(text, 'latin1'))).toBe(text);
      }),
    );
  });

  it('gives text for any bytes, and NULL for NULL', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => typeof decodeBytes(Buffer.from(bytes)) === 'string'));
    expect(decodeBytes(null)).toBeNull();
  });
});

describe('undoubled', () => {
  /** What a conversion from latin1 to utf8mb4 makes of UTF-8. */
  const doubled = (text: string) => new TextDecoder('windows-1252').decode(Buffer.from(text, 'utf8'));
  const nameOf = (...letters: string[]) => fc.string({ unit: fc.constantFrom(...letters, 'a', 'Z', ' ', '-') });
  const name = nameOf('ë', 'Ł', 'ó', 'ñ', '€', '🙂', 'Ç', 'Ã', 'Ö', 'ș', 'Ж', 'и', 'λ', '東', 'א');

  it('reads a doubled name as it was typed', () => {
    fc.assert(fc.property(name, (each) => undoubled(doubled(each)) === each));
    expect(undoubled('ChloÃ«')).toBe('Chloë');
  });

  it('leaves a name alone that is right already', () => {
    // Signs stand apart: `ë–”` may be a doubled letter of Korean as well, and is no name.
    const right = nameOf('ë', 'Ł', 'ó', 'ß', 'É', 'Ü', 'Ç', 'È', '– ', '” ', '… ', '€ ', '🙂', 'Ж');
    fc.assert(fc.property(right, (each) => undoubled(each) === each));
    const names = ['CORAÇÃO', 'Łódź', 'SÃO', 'Zoë', 'Gruß–Kuß', 'CAFÉ…'];
    expect(names.map(undoubled)).toEqual(names);
  });
});
