import type { Store } from '../store/store.ts';
import { createControlWatch } from './control-watch.ts';
import type { Deps } from './deps.ts';
import { createAiShare } from './gate/ai-share.ts';
import { createToolTally } from './tool-tally.ts';

/** What steers calls while they come: people's decisions, the share of the AI, and how its tools do. */
export function createLiveControls({
  store,
  clock,
  log,
}: Pick<Deps, 'clock' | 'log'> & { store: Pick<Store, 'controls'> }): Pick<Deps, 'controls' | 'aiShare' | 'tools'> {
  const controls = createControlWatch({ read: () => store.controls(), log });
  return { controls, aiShare: createAiShare({ controls, clock }), tools: createToolTally(clock) };
}
