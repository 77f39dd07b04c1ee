import { hash } from '@node-rs/argon2';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPasswordCheck } from '../../../src/console/auth/passwords.ts';
import type { ConsoleDeps } from '../../../src/console/console-deps.ts';
import { consoleSettings } from '../../support/console-site.ts';

const word = 'an engine in london';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('rests after each two looks, so that guessers leave the machine to live calls', async () => {
  const passwordHash = await hash(word, { memoryCost: 1024, timeCost: 1, parallelism: 1 });
  const console = { ...consoleSettings, users: { ada: { passwordHash, role: 'admin' as const } } };
  const check = createPasswordCheck({ console, log: {} as ConsoleDeps['log'] });
  const answers: string[] = [];
  const guesses = ['one', 'two', word].map(async (guess) => void answers.push(await check('ada', guess)));

  await Promise.all(guesses.slice(0, 2));
  await vi.advanceTimersByTimeAsync(0);
  // Long enough for a look, on any machine.
  await Promise.all(['four', 'five'].map((guess) => hash(guess)));
  expect(answers).toEqual(['wrong', 'wrong']);
  await vi.runAllTimersAsync();
  await Promise.all(guesses);

  expect(answers).toEqual(['wrong', 'wrong', 'right']);
});
