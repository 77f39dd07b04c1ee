import { expect, it } from 'vitest';
import { readGlobals } from '../../../connectors/vicidial/setup/dialplan/called-number.ts';
import { factsOf } from '../../../connectors/vicidial/setup/dialplan/entry-facts.ts';
import { readDialplan } from '../../../connectors/vicidial/setup/dialplan/read-dialplan.ts';

it('globals are read line by line, without comment and blanks', () => {
  const globals = readGlobals(['AI = SIP/ai ; the platform\r\nTRUNK=>PJSIP/a;b\n\n; OLD = x\nno pair\n']);

  expect([...globals]).toEqual([
    ['AI', 'SIP/ai'],
    ['TRUNK', 'PJSIP/a'],
  ]);
});

it.each([
  ['lines', '\n'.repeat(60_000)],
  ['blanks', `exten => _7700X.,1,SIPAddHeader(${' '.repeat(60_000)}X-a: b)`],
  ['blanks behind a name', `AI =${' '.repeat(60_000)}x`],
])('a carrier with thousands of %s holds up nobody', (_what, text) => {
  const before = process.cpuUsage();

  readGlobals([text]);
  for (const extension of readDialplan(text)) factsOf(extension);

  // Some seconds where two parts of an expression share the blanks.
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(700);
});
