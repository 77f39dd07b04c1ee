import { describe, expect, it } from 'vitest';
import { findLine, readAnswer, updatedRows, wordsOf } from '../../../connectors/vicidial/api/api-answer.ts';
import { updateFailure } from '../../../connectors/vicidial/write/write-status.ts';

const read = (body: string, name = 'update_lead', status = 200) => readAnswer(status, body, name);

describe('an update_lead that did not work', () => {
  it.each([
    ['SUCCESS: update_lead LEAD HAS BEEN UPDATED - p|1001|-1|||', 'retry', "VICIdial's own SQL failed"],
    ['', 'retry', 'VICIdial answered: an empty answer'],
    ['NOTICE: update_lead SCHEDULED CALLBACK ADDED - 1|S|2026-12-24 10:00:00|ANYONE||CALLBK', 'retry', 'SCHEDULED'],
    ['ERROR: update_lead NO MATCHES FOUND IN THE SYSTEM: |p|1001||', 'refused', 'VICIdial has no such lead'],
    ['ERROR: update_lead NOT AN ALLOWED LIST ID, RESULTS - p|1001|101', 'refused', "may not touch the lead's list"],
    ['ERROR: NO FUNCTION SPECIFIED', 'refused', 'does not know update_lead'],
  ])('%s: %s', (body, kind, why) => {
    expect(updateFailure(read(body))).toMatchObject({ kind, why: expect.stringContaining(why) });
  });
});

describe('readAnswer', () => {
  it.each([
    ['SUCCESS: update_lead LEAD HAS BEEN UPDATED - patchbay|1001|1|||', 1],
    ['SUCCESS: update_lead LEAD HAS BEEN UPDATED - patchbay|1001|1', 1],
    ['SUCCESS: update_lead LEAD HAS BEEN UPDATED - patchbay|1001|0|||', 0],
    ['SUCCESS: update_lead LEAD HAS BEEN UPDATED - patchbay|1001|-1|||', -1],
    ['NOTICE: update_lead CUSTOM FIELDS VALUES UPDATED - 3035551000|1001|101|0|101|1', null],
    ['', null],
  ])('finds in "%s" %s rows', (body, rows) => {
    expect(updatedRows(read(body))).toBe(rows);
  });

  it('finds what an older PHP says below its own warnings', () => {
    const answer = read(
      '<br />\n<b>Warning</b>: date(): no zone\n<br />\nSUCCESS: update_lead LEAD HAS BEEN UPDATED - p|1|1|||',
    );

    expect(updatedRows(answer)).toBe(1);
  });

  it('parts the values of an update_log_entry', () => {
    const answer = read(
      'SUCCESS: update_log_entry RECORD HAS BEEN UPDATED - p|p|SPRING|V1|SALE|XFER|1763657999.7|\n',
      'update_log_entry',
    );

    expect(findLine(answer, 'success', 'RECORD HAS BEEN UPDATED')?.parts.slice(4, 7)).toEqual([
      'SALE',
      'XFER',
      '1763657999.7',
    ]);
  });

  it.each([
    [
      'ERROR: add_dnc_phone DNC NUMBER ALREADY EXISTS: |patchbay|3035551000|SYSTEM_INTERNAL',
      'DNC NUMBER ALREADY EXISTS',
    ],
    ['ERROR: update_lead NO MATCHES FOUND IN THE SYSTEM: |patchbay|1001||', 'NO MATCHES FOUND IN THE SYSTEM'],
    ['ERROR: update_log_entry NO RECORDS UPDATED: p|SPRING|V1|SALE|SALE|1.7', 'NO RECORDS UPDATED'],
    ['ERROR: no active call found - V1200959590000001001', 'no active call found'],
    ['NOTICE: update_lead LEADS FOUND IN THE SYSTEM: |p|1|v|3035551000|101|0', 'LEADS FOUND IN THE SYSTEM'],
    ['ERROR: Something <b>3035551000</b> odd', 'unknown words'],
  ])('keeps of "%s" only the fixed words', (body, words) => {
    const name = /add_dnc_phone|update_log_entry/.exec(body)?.[0] ?? 'update_lead';

    expect(wordsOf(read(body, name))).toBe(words);
  });

  it.each([
    ['ERROR: Login incorrect, please try again: |patchbay|topSecret1|BAD|', { kind: 'login', isLocked: false }],
    ['ERROR: Login incorrect, please try again: |patchbay|topSecret1|LOCK|', { kind: 'login', isLocked: true }],
    ['ERROR: Invalid Username/Password: |patchbay|topSecret1|BAD|', { kind: 'login', isLocked: false }],
    ['ERROR: NO FUNCTION SPECIFIED', { kind: 'noFunction' }],
    ['', { kind: 'empty' }],
    ['\n', { kind: 'empty' }],
    ['<html>It works</html>', { kind: 'unreadable', status: 200 }],
    ['MySQL connect ERROR: Connection refused', { kind: 'unreadable', status: 200 }],
    ['<br />\n<b>Fatal error</b>: out of memory', { kind: 'unreadable', status: 200 }],
  ])('classes "%s"', (body, expected) => {
    expect(read(body)).toEqual(expected);
  });

  it.each([
    ['ERROR: auth USER DOES NOT HAVE PERMISSION TO USE THIS FUNCTION: |patchbay|update_lead|', true],
    ['ERROR: update_lead USER DOES NOT HAVE PERMISSION TO UPDATE LEADS: |patchbay|0|', false],
    ['ERROR: Your IP Address is not allowed: 10.0.0.1', false],
    ['ERROR: Invalid Source - x\nERROR: Invalid Source - x', false],
    ['ERROR: System API NOT ACTIVE', false],
  ])('sees missing rights in "%s"', (body, isFunction) => {
    expect(read(body)).toMatchObject({ kind: 'denied', isFunction });
  });

  it.each([500, 502, 404])('reads nothing out of HTTP %i', (status) => {
    expect(read('', 'update_lead', status)).toEqual({ kind: 'unreadable', status });
  });

  it('shows no echoed password, whatever is asked of the answer', () => {
    const answer = read('ERROR: Login incorrect, please try again: |patchbay|topSecret1|BAD|');

    expect(JSON.stringify([answer, wordsOf(answer)])).not.toContain('topSecret1');
  });
});
