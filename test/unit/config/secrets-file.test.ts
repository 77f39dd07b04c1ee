import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overSecrets, secretsFileOf, withoutSecret, withSecret } from '../../../config/secrets-file.ts';

describe('the secrets file', () => {
  it.each([
    ['config/patchbay.yaml', 'config/patchbay.secrets.env'],
    ['/etc/patchbay/site.eu.json', '/etc/patchbay/site.eu.secrets.env'],
  ])('of %s is %s', (config, file) => {
    expect(secretsFileOf(config)).toBe(file);
  });

  it('gives every value back as it was, or refuses it', () => {
    const odd = fc.string({ unit: fc.constantFrom(...'aZ0 #$\'"`\\=\n\t;é%!'), maxLength: 12 });
    fc.assert(
      fc.property(odd, (value) => {
        const text = withSecret('', 'NAME', value);
        if (text !== null) expect(parseEnv(text).NAME).toBe(value);
        else expect(/[\r\n]|'.*["\\$`]|["\\$`].*'/s.test(value)).toBe(true);
      }),
    );
  });

  it('refuses what takes more than one line', () => {
    expect(withSecret('', 'NAME', 'one\ntwo')).toBeNull();
  });

  it('changes one line, and leaves the others as they are', () => {
    const text = '# Mine.\nexport A=1\n\nAB=2\n';

    expect(withSecret(text, 'A', 'x y')).toBe("# Mine.\nA='x y'\n\nAB=2\n");
    expect(withSecret(text, 'B', 'z')).toBe(`${text}B=z\n`);
    expect(withoutSecret(text, 'A')).toBe('# Mine.\n\nAB=2\n');
    expect(withSecret('A=1', 'B', 'z')).toBe('A=1\nB=z\n');
  });

  it('gives way to the environment, by a name or by a file, but not to what is not set', () => {
    const secrets = { A: 'a', B: 'b', C: 'c' };

    expect(overSecrets({ A: 'ours', B_FILE: '/run/b', C: undefined }, secrets)).toEqual({
      A: 'ours',
      B_FILE: '/run/b',
      C: 'c',
    });
  });
});
