import { describe, expect, it } from 'vitest';
import { createRedactionGate } from '../../../src/flows/support-bundle/redaction-gate.ts';

const gate = createRedactionGate(['hunter2-of-ada']);

describe('a number', () => {
  it.each([
    ['06.12.34.56.78'],
    ['3.0.3.5.5.5.0.1.1.1'],
    ['303·555·0111'],
    ['303 | 555 | 0111'],
    ['303    555    0111'],
    ['303:555:0111'],
    ['303\u2060555\u00ad0111'],
    ['303\n555\n0111'],
    ['٣٠٣٥٥٥٠١١١'],
  ])('is hidden however it is written: %j', (text) => {
    expect(gate.text(`said ${text}.`)).toBe('said [number].');
  });

  it('is hidden where a list has its parts', () => {
    expect(gate.text('["303","555","0111"]')).toBe('["[number]"]');
  });

  it.each([
    ['2026-11-21T14:03:07.120Z'],
    ['10.10.10.15:3306'],
    ['10.0.0.1, 10.0.0.2'],
    ['uniqueid 1795296893.42'],
    ['code V1121140307000000042'],
    ['lead 471101'],
    ['MariaDB 10.11.14'],
  ])('is not what counts, dates or names something: %s', (text) => {
    expect(gate.text(text)).toBe(text);
  });
});

describe('a log-in that the configuration does not know', () => {
  it.each([
    ['https://ada:wonder@host/a', 'https://[secret]@host/a'],
    ['https://ada:won/der@host', 'https://[secret]@host'],
    ['https://wonder@host/a', 'https://[secret]@host/a'],
    ['sip:ada:wonder@host', 'sip:ada:[secret]@host'],
    ['{"api_key":"wonder"}', '{"api_key":"[secret]"}'],
    ['X-API-Key: wonder', 'X-API-Key: [secret]'],
    ['Cookie: session=wonder', 'Cookie: [secret]'],
    ['Authorization: Token wonder', 'Authorization: [secret]'],
    ['<password>wonder</password>', '<password>[secret]</password>'],
    ['user=ada&pass=wonder&x=1', 'user=ada&pass=[secret]&x=1'],
  ])('is hidden: %s', (text, shown) => {
    expect(gate.text(text)).toBe(shown);
  });
});
