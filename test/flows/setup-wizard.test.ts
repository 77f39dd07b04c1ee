import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { parseEnv, stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { CliContext } from '../../src/cli/context.ts';
import { terminalAsker } from '../../src/cli/setup/terminal-asker.ts';
import { runWizard } from '../../src/cli/setup/wizard.ts';
import { toyRegistry, toySystem } from '../unit/flows/setup/toy-site.ts';

const enter = '\r';

let folder: string;
let screen: string;
let keyboard: PassThrough;
let output: PassThrough;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-wizard-'));
  screen = '';
  keyboard = new PassThrough();
  output = new PassThrough();
  // Each question ends the stream that it writes to; a terminal's own bears that.
  output.end = () => output;
  output.on('data', (chunk: Buffer) => {
    screen += stripVTControlCharacters(chunk.toString());
  });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('Ada sets a site up at a terminal, and mistypes a password on the way', async () => {
  const bell = toySystem();
  const config = join(folder, 'site.yaml');
  const said: string[] = [];
  const wizard = runWizard(contextOf(config, bell, said), terminalAsker({ input: keyboard, output }), {
    agree: async () => true,
    isAnswered: () => true,
    goesOnWithout: true,
  });

  await answer('Which AI platforms do you use?', enter);
  await answer('Ids for parrot', `\x15polly${enter}`);
  await answer('Which dialers do you use?', ` ${enter}`);
  await answer('Ids for bell', enter);
  await answer('Where dialers and the AI platform reach Patchbay', `patchbay${enter}`);
  await answer('Give an address that begins with https://.', `\x15https://patchbay.example.com${enter}`);
  await answer("Patchbay's own database", enter);
  await answer('Token of the parrot', `cracker${enter}`);
  await answer('Password of the bell', `wrong${enter}`);
  await answer('bell: the bell refused the password. Look it up Ask again?', `y${enter}`);
  screen = '';
  await answer('Password of the bell', `ding${enter}`);
  await answer('Which fields?', `\x1b[B ${enter}`);
  await answer('Which number does SPRING call?', enter);
  await answer('Does it sell?', `y${enter}`);
  const written = await wizard;

  const yaml = parse(readFileSync(config, 'utf8')) as Record<string, unknown>;
  const secrets = parseEnv(readFileSync(join(folder, 'site.secrets.env'), 'utf8'));
  expect(written?.dialers.bell).toMatchObject({ fields: ['colour', 'size'], password: 'ding' });
  expect(yaml).toMatchObject({
    platforms: { polly: { type: 'parrot', token: `\${PARROT_TOKEN}` } },
    dialers: { bell: { type: 'bell', campaigns: { SPRING: { dispositions: { sale: 'SALE' } } } } },
    store: { kind: 'sqlite' },
  });
  expect(secrets).toMatchObject({ PARROT_TOKEN: 'cracker', BELL_PASSWORD: 'ding' });
  expect(screen).toContain('SPRING calls +19895551234');
  expect(said.join('\n')).not.toContain('cracker');
});

it('Ada leaves in the middle, and nothing was written', async () => {
  const config = join(folder, 'site.yaml');
  const wizard = runWizard(contextOf(config, toySystem(), []), terminalAsker({ input: keyboard, output }), {
    agree: async () => true,
    isAnswered: () => true,
    goesOnWithout: true,
  });

  await answer('Which AI platforms do you use?', '\x03');

  await expect(wizard).rejects.toMatchObject({ name: 'ExitPromptError' });
  expect(existsSync(config)).toBe(false);
});

function contextOf(config: string, bell: ReturnType<typeof toySystem>, said: string[]): CliContext {
  return {
    registry: toyRegistry(bell, toySystem()),
    environment: { variables: {}, configFile: undefined, clockFile: undefined },
    version: '0.0.0',
    configFile: () => config,
    out: (line) => void said.push(line),
    err: (line) => void said.push(line),
    exit: () => undefined,
  };
}

/** Types once the question stands on the screen. */
async function answer(question: string, typed: string): Promise<void> {
  await expect.poll(() => screen, { timeout: 10_000 }).toContain(question);
  keyboard.write(typed);
}
