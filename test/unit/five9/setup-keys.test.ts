import { expect, it } from 'vitest';
import { answerXml } from './soap-stub.ts';
import { contactXml, start, stopAfterEach } from './start-dialer.ts';

stopAfterEach();

it('writes no keys when Five9 does not show the key field of contacts: those that are there would be lost', async () => {
  const answers: Record<string, string> = {
    getContactFields: '<return><name>patchbay_key</name><type>STRING</type></return>',
    getContactRecords: contactXml({ number1: '2125550101', first_name: 'Ada' }),
  };
  const { dialer, operations } = await start(
    (operation) => ({ body: answerXml(operation, answers[operation] ?? '') }),
    { keyField: 'patchbay_key' },
  );
  const keys = dialer.commands?.find(({ name }) => name === 'keys');
  const lines: string[] = [];
  const output = { write: (line: string) => void lines.push(line), isTerminal: false, isJson: true };

  const code = await keys?.run([], { apply: true }, output);

  expect(code).toBe(1);
  expect(lines.join()).toContain('Five9 gives contacts without their field patchbay_key');
  expect(operations()).toEqual(['getContactFields', 'getContactRecords']);
});
