import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Of the two halves of V8's young generation together. */
const enoughBytes = 8 * 1024 * 1024;

/**
 * Bounds what V8 keeps of a service's heap (docs/decisions/0038-what-a-start-loads.md). Its young generation, which
 * `patchbay.js` keeps at twice 1 MB while code is loaded, may grow to twice 4 MB: by itself it goes to twice 32 MB with the
 * first crowd of requests, and never gives them back. Each flag holds for all growth to come, so the collections are
 * watched for good: V8 makes it small again when little happens, and small for ever it would age what is about to go.
 */
export function boundHeap(): void {
  let factor = 2;
  const watch = new PerformanceObserver(() => {
    const wanted = youngBytes() < enoughBytes ? 2 : 1;
    if (wanted === factor) return;
    factor = wanted;
    setFlagsFromString(`--semi-space-growth-factor=${factor}`);
  });
  watch.observe({ entryTypes: ['gc'] });
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);
  // A small one is cleared sooner by one thread than four are woken for it.
  setFlagsFromString('--no-parallel-scavenge');
  // By itself V8 waits until all else is twice or four times as large as what was in use.
  setFlagsFromString('--heap-growing-percent=25');
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}
