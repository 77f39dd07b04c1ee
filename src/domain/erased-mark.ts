import type { CallRef } from './call.ts';

/** The cursor that says that a call of this name was erased, so that no record brings it back. It tells of no person. */
export function erasedMark({ instance, key }: CallRef): string {
  return `erased:${instance}:${key}`;
}
