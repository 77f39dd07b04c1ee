import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { terminalAsker } from '../../../src/cli/setup/terminal-asker.ts';
import type { Asker } from '../../../src/domain/setup.ts';

const enter = '\r';
const down = '\x1b[B';

let screen: string;
let keyboard: PassThrough;
let ask: Asker;

beforeEach(() => {
  screen = '';
  keyboard = new PassThrough();
  const output = new PassThrough();
  // Each question ends the stream that it writes to; a terminal's own bears that.
  output.end = () => output;
  output.on('data', (chunk: Buffer) => {
    screen += stripVTControlCharacters(chunk.toString());
  });
  ask = terminalAsker({ input: keyboard, output });
});

describe('the questions at a terminal', () => {
  it('take the default at Enter, or what is typed, and judge it', async () => {
    const port = ask.text({
      key: 'port',
      message: 'Which port?',
      byDefault: '8080',
      judge: (text) => (/^\d+$/.test(text) ? null : 'Give a number.'),
    });
    await answer('Which port?', `nine${enter}`);
    await seen('Give a number.');
    keyboard.write(`\x15${enter}`);

    expect(await port).toBe('8080');
  });

  it('never show a secret, and keep the one that is there at Enter', async () => {
    const first = ask.secret({ key: 'word', message: 'Password?' });
    await answer('Password?', `swordfish${enter}`);
    expect(await first).toBe('swordfish');

    const second = ask.secret({ key: 'word', message: 'Other password?', byDefault: 'as it was' });
    await answer('Other password? (Enter: as it is now)', enter);

    expect(await second).toBe('as it was');
    expect(screen).not.toContain('swordfish');
    expect(screen).not.toContain('as it was');
  });

  it('offer choices with the present ones marked', async () => {
    const choices = [
      { value: 'apple', label: 'An apple' },
      { value: 'pear', label: 'A pear', hint: 'juicy' },
      { value: 'plum', label: 'A plum' },
    ] as const;
    const one = ask.choose({ key: 'fruit', message: 'Which fruit?', choices, byDefault: 'pear' });
    await seen('juicy');
    await answer('Which fruit?', enter);
    expect(await one).toBe('pear');

    const some = ask.chooseSome({ key: 'fruits', message: 'Which fruits?', choices, byDefault: ['apple'] });
    await answer('Which fruits?', `${down}${down} ${enter}`);
    expect(await some).toEqual(['apple', 'plum']);

    const loud = ask.confirm({ key: 'loud', message: 'Loud?', byDefault: false });
    await answer('Loud?', `y${enter}`);
    expect(await loud).toBe(true);
  });

  it('tell what was found out', async () => {
    ask.say('There are two agents.');

    await seen('There are two agents.');
    expect(ask.isRehearsal).toBe(false);
  });

  it('are stopped by Ctrl-C', async () => {
    const name = ask.text({ key: 'name', message: 'Name?' });
    await answer('Name?', '\x03');

    await expect(name).rejects.toMatchObject({ name: 'ExitPromptError' });
  });
});

async function seen(text: string): Promise<void> {
  await expect.poll(() => screen, { timeout: 10_000 }).toContain(text);
}

/** Types once the question stands on the screen. */
async function answer(question: string, typed: string): Promise<void> {
  await seen(question);
  keyboard.write(typed);
}
