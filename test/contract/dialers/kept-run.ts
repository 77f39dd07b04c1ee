import type { JsonFields, MadeThing, SetupRun } from '../../../src/domain/setup.ts';

/** What a run kept, as the set-up engine would. */
export interface KeptRun extends SetupRun {
  things: (MadeThing & { state: 'begun' | 'made' | 'there' | 'dropped' })[];
}

/** A run that keeps everything in memory; a step that made a secret would be a fault. */
export function keptRun(step: string): KeptRun {
  const things: KeptRun['things'] = [];
  return {
    things,
    async begin(what, undoData) {
      const thing = { step, what, undoData: undoData as JsonFields, isCertain: false, state: 'begun' as const };
      const kept: KeptRun['things'][number] = thing;
      things.push(kept);
      return {
        async made() {
          Object.assign(kept, { state: 'made', isCertain: true });
        },
        async wasThere() {
          Object.assign(kept, { state: 'there' });
        },
        async dropped() {
          Object.assign(kept, { state: 'dropped' });
        },
      };
    },
    keepSecret: () => Promise.reject(new Error('no secret is made here')),
    dropSecret: () => Promise.reject(new Error('no secret is made here')),
  };
}
