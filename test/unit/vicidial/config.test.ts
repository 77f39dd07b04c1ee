import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { agentUrlOf, VicidialConfig } from '../../../connectors/vicidial/config.ts';

const readme = readFileSync(new URL('../../../connectors/vicidial/README.md', import.meta.url), 'utf8');
const example = (): Record<string, unknown> => {
  const block = (/```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '').replace(/\$\{\w+\}/g, 'word7');
  return (parse(block) as { dialers: { vicidial: Record<string, unknown> } }).dialers.vicidial;
};

describe('VicidialConfig', () => {
  it('takes the example of the README', () => {
    const config = VicidialConfig.parse(example());

    expect(config).toMatchObject({ type: 'vicidial', headerBudget: { bytes: 300 }, budgets: { outcomeMs: 1500 } });
    expect(agentUrlOf(config.api)).toBe('http://dialer.example.com/agc/api.php');
  });

  it.each(['QUALIFIED', 'NOT OK', 'é'])(
    'names the key of the disposition "%s", which VICIdial would cut or drop',
    (status) => {
      const result = VicidialConfig.safeParse({
        ...example(),
        campaigns: { SPRING: { dispositions: { sale: status } } },
      });

      expect(result.error?.issues).toMatchObject([
        { path: ['campaigns', 'SPRING', 'dispositions', 'sale'], message: expect.stringContaining('1 to 6 letters') },
      ]);
    },
  );

  it.each([
    [{ timeZone: 'Denver' }, 'timeZone'],
    [{ dnc: { system: false } }, 'dnc'],
    [{ sync: { pageSize: 5000 } }, 'sync'],
    [{ nonsense: 1 }, ''],
  ])('refuses %j', (change, key) => {
    const result = VicidialConfig.safeParse({ ...example(), ...change });

    expect(result.error?.issues[0]?.path[0] ?? '').toBe(key);
  });

  it('describes every key', () => {
    const missing: string[] = [];
    const visit = (schema: { shape?: Record<string, unknown>; description?: string }, path: string) => {
      for (const [key, child] of Object.entries(schema.shape ?? {})) {
        const { description, def } = child as { description?: string; def?: { innerType?: object } };
        if (!description) missing.push(`${path}${key}`);
        visit((def?.innerType ?? child) as object, `${path}${key}.`);
      }
    };

    visit(VicidialConfig as unknown as { shape: Record<string, unknown> }, '');

    expect(missing.filter((key) => !key.startsWith('headerBudget.') && !key.startsWith('budgets.'))).toEqual([]);
  });
});
