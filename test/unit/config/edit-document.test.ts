import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { editDocument } from '../../../config/edit-document.ts';

const text = `# Ours.
server:
  # Behind the proxy.
  port: 8080 # as agreed
  publicUrl: https://old.example.com

base: &base
  country: US
  headers: [a, b]
dialers:
  one:
    <<: *base
    # Keep me.
    campaigns: {}
  two: *base
clients: {}
`;

describe('editing a configuration', () => {
  it('changes what differs, and leaves comments, order and anything else as it is', () => {
    const document = editDocument(text);

    document.lay(['server'], { port: 8080, publicUrl: 'https://new.example.com' });

    expect(document.text()).toBe(text.replace('old', 'new'));
  });

  it('changes not a letter when nothing differs', () => {
    const odd = "a:   {b: 'c'}   # so it is\n";
    const document = editDocument(odd);

    document.lay(['a'], { b: 'c' });

    expect(document.text()).toBe(odd);
  });

  it('adds sections and lists, with what is shared by an anchor left to the others', () => {
    const document = editDocument(text);

    document.lay(['dialers', 'one'], { country: 'DE', campaigns: { SPRING: { dispositions: { sale: 'SALE' } } } });
    document.lay(['dialers', 'two', 'country'], 'CA');
    document.lay(['clients', 'ivr'], { keys: ['abc'], may: ['dialer'] });

    expect(parse(document.text(), { merge: true })).toMatchObject({
      base: { country: 'US', headers: ['a', 'b'] },
      dialers: {
        one: { country: 'DE', headers: ['a', 'b'], campaigns: { SPRING: { dispositions: { sale: 'SALE' } } } },
        two: { country: 'CA', headers: ['a', 'b'] },
      },
      clients: { ivr: { keys: ['abc'], may: ['dialer'] } },
    });
    expect(document.text()).toContain('    # Keep me.\n    campaigns:\n      SPRING:');
  });

  it('takes out what is undefined', () => {
    const document = editDocument(text);

    document.lay(['server'], { port: undefined });

    expect(document.value().server).toEqual({ publicUrl: 'https://old.example.com' });
  });

  it('adds a text to a list once, and takes it out again', () => {
    const document = editDocument('list:\n  # first\n  - a\n');

    expect([document.addTo(['list'], 'b'), document.addTo(['list'], 'b')]).toEqual([true, false]);
    expect([document.takeFrom(['list'], 'b'), document.takeFrom(['list'], 'b')]).toEqual([true, false]);
    expect(document.addTo(['some', 'other', 'list'], 'c')).toBe(true);
    expect(document.text()).toBe('list:\n  # first\n  - a\nsome:\n  other:\n    list:\n      - c\n');
  });

  it('keeps JSON as JSON, and begins with nothing', () => {
    const json = editDocument('{"server": {"port": 1}}');
    json.lay(['server', 'host'], '::');
    const none = editDocument('');
    none.lay(['server', 'host'], '::');

    expect(JSON.parse(json.text())).toEqual({ server: { port: 1, host: '::' } });
    expect(parse(none.text())).toEqual({ server: { host: '::' } });
  });
});
