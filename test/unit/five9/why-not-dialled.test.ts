import { expect, it } from 'vitest';
import type { Lead } from '../../../src/domain/lead.ts';
import { answerXml } from './soap-stub.ts';
import { start, stopAfterEach } from './start-dialer.ts';

stopAfterEach();

const contact = (key: string, ...phones: string[]): Lead => ({
  ...{ dialer: 'five9', key, list: 'Spring', campaign: 'Spring', phones, fields: {} },
  changedAt: '2026-03-02T20:00:00.000Z',
});

it('names the contacts with a number on the DNC list, whichever it is, and those of no campaign, in one request', async () => {
  const { dialer, operations } = await start((op) => ({
    body: answerXml(op, '<return>2125550102</return>'),
  }));

  const reasons = await dialer.whyNotDialled?.([
    contact('a', '+12125550101'),
    contact('b', '+12125550103', '+12125550102'),
    { ...contact('c', '+12125550104'), campaign: '' },
  ]);

  expect([...reasons]).toEqual([
    ['b', 'on a DNC list'],
    ['c', expect.stringContaining('--as')],
  ]);
  expect(operations()).toEqual(['checkDncForNumbers']);
});
