import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Of the two halves of V8's young generation together. */
const enoughBytes = 8 * 1024 * 1024;

/**
 * Lets V8's young generation, which `patchbay.js` keeps at twice 1 MB while code is loaded, grow to twice 4 MB. By itself it
 * goes to twice 32 MB with the first crowd of requests, and never gives them back; what a request leaves behind is cleared as
 * cheaply in less. The flag holds for all growth to come, so the collections are watched until the size is reached.
 */
export function growYoungGeneration(): void {
  const watch = new PerformanceObserver(() => {
    if (youngBytes() < enoughBytes) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    watch.disconnect();
  });
  watch.observe({ entryTypes: ['gc'] });
  setFlagsFromString('--semi-space-growth-factor=2');
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}
