import { describe, expect, it } from 'vitest';
import type { Log } from '../../../src/domain/connector.ts';
import { rowOf, sale, silentLog } from './cast.ts';
import { answerXml } from './soap-stub.ts';
import { contactXml, identifier, start, stopAfterEach, withKey } from './start-dialer.ts';

stopAfterEach();

const ada = { number1: '2125550101', patchbay_key: '' };
const two = `<return><fields>number1</fields>${'<records><values><data>2125550101</data></values></records>'.repeat(2)}</return>`;

async function startKeyed(contacts: string, log: Log = silentLog) {
  return start(
    (operation) => ({ body: answerXml(operation, operation === 'getContactRecords' ? contacts : identifier) }),
    { keyField: 'patchbay_key' },
    { log },
  );
}

describe('the key of a contact', () => {
  it('is its number, counted and told once, where our own field is empty', async () => {
    const told: string[] = [];
    const { dialer, stub } = await startKeyed(contactXml(ada), {
      ...silentLog,
      warn: (_fields, message) => void told.push(message),
    });

    const answers = await dialer.deliver([rowOf('a', sale), rowOf('b', sale)]);

    expect([...answers.values()].map(({ kind }) => kind)).toEqual(['submitted', 'submitted']);
    expect(stub.requests.at(-1)?.xml).toContain('<fieldName>number1</fieldName><key>true</key>');
    expect(dialer.metrics?.().find(({ name }) => name === 'patchbay_five9_number_key_total')?.samples).toEqual([
      { labels: { dialer: 'five9' }, value: 2 },
    ]);
    expect(told.filter((message) => message.includes('number'))).toHaveLength(1);
  });

  it('is never a number that several contacts have', async () => {
    const { dialer, operations } = await startKeyed(two);

    const answers = await dialer.deliver([rowOf('a', sale)]);

    expect(answers.get('a')?.kind).toBe('refused');
    expect(operations()).toEqual(['getContactRecords']);
  });

  it('goes into an import with rows of the same key field only', async () => {
    const { dialer, stub } = await startKeyed(contactXml(ada));

    await dialer.deliver([withKey(rowOf('a', sale), 'k-1'), rowOf('b', sale), withKey(rowOf('c', sale), 'k-2')]);

    const imports = stub.requests.filter(({ operation }) => operation === 'asyncUpdateCampaignDispositions');
    expect(imports.map(({ xml }) => /<fieldName>(\w+)/.exec(xml)?.[1])).toEqual(['patchbay_key', 'number1']);
    expect(imports.map(({ xml }) => xml.match(/<values>/g)?.length)).toEqual([2, 1]);
  });
});
