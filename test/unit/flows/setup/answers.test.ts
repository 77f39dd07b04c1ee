import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Asker } from '../../../../src/domain/setup.ts';
import { answersAsker } from '../../../../src/flows/setup/answers-asker.ts';
import { templateAsker } from '../../../../src/flows/setup/answers-template.ts';

const fruits = [
  { value: 'apple', label: 'An apple' },
  { value: 'pear', label: 'A pear', hint: 'juicy' },
];

it('reads answers in sections, by dots, and anything between', async () => {
  const { ask, open, unused } = answersAsker(
    { bell: { name: 'Ding', 'house.door': 'front' }, 'bell.count': 3, bell2: { loud: 'yes', fruit: 'A PEAR' } },
    () => undefined,
  );

  expect(await ask.text({ key: 'bell.name', message: '' })).toBe('Ding');
  expect(await ask.text({ key: 'bell.house.door', message: '' })).toBe('front');
  expect(await ask.text({ key: 'bell.count', message: '' })).toBe('3');
  expect(await ask.confirm({ key: 'bell2.loud', message: '', byDefault: false })).toBe(true);
  expect(await ask.choose({ key: 'bell2.fruit', message: '', choices: fruits })).toBe('pear');
  expect([open(), unused(), ask.isRehearsal]).toEqual([[], [], false]);
});

it('takes what would be taken where no answer is given', async () => {
  const { ask, open } = answersAsker({}, () => undefined);

  expect(await ask.text({ key: 'a', message: '', byDefault: 'x' })).toBe('x');
  expect(await ask.chooseSome({ key: 'b', message: '', choices: fruits, byDefault: ['pear'] })).toEqual(['pear']);
  expect(await ask.secret({ key: 'c', message: '', byDefault: 'as it is' })).toBe('as it is');
  expect(open()).toEqual([]);
});

it('takes no default that it would not take as an answer', async () => {
  const { ask, open } = answersAsker({}, () => undefined);

  await ask.text({ key: 'name', message: '', byDefault: '', judge: (text) => (text ? null : 'Give one.') });

  expect(open().map(({ why }) => why)).toEqual(['is not answered']);
});

it('gathers every answer that is missing or can not be used, and goes on as a rehearsal', async () => {
  const { ask, open, unused } = answersAsker({ fruit: 'plum', loud: 'perhaps', nmae: 'Ding' }, () => undefined);

  await ask.choose({ key: 'fruit', message: 'Which fruit?', choices: fruits });
  await ask.confirm({ key: 'loud', message: 'Loud?', byDefault: false });
  await ask.text({ key: 'name', message: 'Name?' });
  await ask.secret({ key: 'word', message: 'Password?' });

  expect(open().map(({ question, why }) => [question.key, why])).toEqual([
    ['fruit', 'is not one of apple, pear'],
    ['loud', 'must be true or false'],
    ['name', 'is not answered'],
    ['word', 'is not answered'],
  ]);
  expect([ask.isRehearsal, unused()]).toEqual([true, ['nmae']]);
});

it('judges an answer as a person would be told', async () => {
  const { ask, open } = answersAsker({ port: 'nine' }, () => undefined);

  await ask.text({ key: 'port', message: '', judge: (text) => (/^\d+$/.test(text) ? null : 'Give a number.') });

  expect(open()[0]?.why).toBe('Give a number.');
});

it('ends a question that is asked for ever', async () => {
  const { ask } = answersAsker({ more: true }, () => undefined);

  const endless = async () => {
    while (await ask.confirm({ key: 'more', message: 'One more?', byDefault: false }));
  };

  await expect(endless()).rejects.toThrow('"more" is asked again and again');
});

it('prints a template that answers as the defaults do, with every choice', async () => {
  const questions = async (ask: Asker) => {
    await ask.text({ key: 'bell.name', message: 'Name of the bell', byDefault: 'Ding: "dong" #1' });
    await ask.secret({ key: 'bell.word', message: 'Password' });
    await ask.chooseSome({ key: 'bell.fruits', message: 'Which fruits?', choices: fruits, byDefault: ['pear'] });
    return ask.confirm({ key: 'bell.loud', message: 'Loud?', byDefault: true });
  };
  const template = templateAsker();
  await questions(template.ask);

  const text = template.text();

  const { ask, open } = answersAsker(parse(text), () => undefined);
  await questions(ask);
  expect(text).toMatch(
    /# Which fruits\?\n# {3}apple: An apple\n# {3}pear: A pear; juicy\n# A list\.\nbell\.fruits: \["pear"\]/,
  );
  expect(parse(text)).toMatchObject({ 'bell.name': 'Ding: "dong" #1', 'bell.word': null, 'bell.loud': true });
  expect(open().map(({ question }) => question.key)).toEqual(['bell.word']);
});

it('asks in the template what follows from an answer that is given already', async () => {
  const questions = async (ask: Asker) => {
    const campaigns = await ask.text({ key: 'campaigns', message: 'Which campaigns?' });
    for (const name of campaigns.split(',').filter(Boolean)) await ask.text({ key: `of.${name}`, message: name });
    await ask.secret({ key: 'word', message: 'Password' });
  };
  const template = templateAsker({ campaigns: 'SPRING,AUTUMN', word: 'swordfish' });

  await questions(template.ask);

  const text = template.text();
  expect(parse(text)).toEqual({ campaigns: 'SPRING,AUTUMN', 'of.SPRING': null, 'of.AUTUMN': null, word: null });
  expect(template.ask.isRehearsal).toBe(true);
});
