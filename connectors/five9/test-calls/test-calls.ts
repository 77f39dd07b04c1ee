import type { TestCalls } from '../../../src/domain/test-call.ts';
import type { Five9 } from '../five9.ts';
import { beginTestCall } from './begin.ts';
import { endTestCall } from './end.ts';
import { lookAtTestCall } from './look.ts';

/** What this process knows of a test call, by its number. */
export interface Begun {
  list: string;
  /** The list did not have the contact before. */
  isNewInList: boolean;
}

/** Test calls of a domain: a record of one number that the dialer calls next. */
export function createTestCalls(five9: Five9): TestCalls {
  const begun = new Map<string, Begun>();
  return {
    async campaigns() {
      const dialling = (await five9.api.campaigns()).filter(({ type }) => type !== 'INBOUND').map(({ name }) => name);
      return Object.keys(five9.config.campaigns).filter((name) => dialling.includes(name));
    },
    begin: (order) => beginTestCall(five9, begun, order),
    look: (call) => lookAtTestCall(five9, call),
    end: (call) => endTestCall(five9, begun, call),
  };
}
