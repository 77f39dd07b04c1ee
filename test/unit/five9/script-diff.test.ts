import { describe, expect, it } from 'vitest';
import { contentOf, describeDifference, diffScripts } from '../../../connectors/five9/ivr/script/diff.ts';
import { readXml, writeXml } from '../../../connectors/five9/ivr/xml.ts';
import { generated, madeUpSeed, springConfig } from './script-cast.ts';

describe('the difference between two scripts', () => {
  it('names modules that came, went and changed, and what changed in them', () => {
    const before = generated().root;
    const after = generated({ config: springConfig({ maxCallSec: 900, receiveHeaders: false }) }).root;

    const { added, removed, changed } = diffScripts(before, after);

    expect(added).toEqual([]);
    expect(removed).toEqual(['module Read headers', 'variable from_ai', 'variable returned_headers']);
    expect(changed.map(({ module }) => module)).toEqual(['module Transfer to AI', 'module Ask outcome']);
    expect(changed[0]?.details).toEqual([
      'next: Read headers → Ask outcome',
      'receive3rdParty: true → false',
      'maxTimeOf3rdParty: 1800 → 900',
    ]);
  });

  it('does not count ids, places, layout of the text and empty elements', () => {
    const { root } = generated({ seed: madeUpSeed() });
    const text = writeXml(root);
    const ids = [...new Set(text.match(/\b[0-9A-F]{32}\b/g) ?? [])];
    const other = ids
      .reduce((all, id, index) => all.replaceAll(id, index.toString(16).toUpperCase().padStart(32, 'F')), text)
      .replaceAll(/<location([XY])>\d+/g, '<location$1>7')
      .replaceAll(/\n\s*/g, '')
      .replaceAll('<digitToInterrupt3rdParty/>', '');

    expect(diffScripts(root, readXml(other))).toEqual({ isSame: true, added: [], removed: [], changed: [] });
    expect(contentOf(readXml(other))).toEqual(contentOf(root));
  });

  it('is everything when there was no script', () => {
    const lines = describeDifference(diffScripts(null, generated().root));

    expect(lines).toContain('+ module Register');
    expect(lines).toContain('+ variable ai_outcome');
  });

  it('sees a branch that leads elsewhere', () => {
    const { root, modules } = generated();
    const ends = ['Hang up: AI - Sale', 'Hang up: AI - Callback'].map((name) => modules.get(name)?.id ?? '');
    const bent = readXml(writeXml(root).replace(`<desc>${ends[0]}</desc>`, `<desc>${ends[1]}</desc>`));

    expect(diffScripts(root, bent).changed).toEqual([
      {
        module: 'module Disposition',
        details: ['branches/entry/value/desc: Hang up: AI - Sale → Hang up: AI - Callback'],
      },
    ]);
  });
});
