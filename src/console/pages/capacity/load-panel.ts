import type { PlatformLoad } from '../../../domain/slots.ts';
import type { Deps } from '../../../flows/deps.ts';
import type { Tone } from '../../components/badge.ts';
import { meter } from '../../components/meter.ts';
import { panel } from '../../components/panel.ts';
import { type Html, html } from '../../html.ts';
import { withinTime } from '../../within-time.ts';

const loadsWithinMs = 2000;

/** How many calls each platform has now; null while the store is away: the rest of the page must not wait for it. */
export async function readLoads({ gate, capacity }: Pick<Deps, 'gate' | 'capacity'>): Promise<PlatformLoad[] | null> {
  if (gate.isAway()) return null;
  return withinTime(loadsWithinMs, () => capacity.loads()).catch(() => null);
}

/**
 * The calls that the AI has now, beside what its platform takes.
 *
 * @param beside what leads on from it. (Default: nothing)
 */
export function loadPanel(loads: readonly PlatformLoad[] | null, beside?: Html): Html {
  if (!loads)
    return panel('With the AI now', html`<p class="quiet">The store does not answer: it can’t be told now.</p>`);
  return panel('With the AI now', loads.length > 0 ? html`${loads.map(loadOf)}` : noPlatform, beside && { beside });
}

const noPlatform = html`<p class="quiet">No AI platform is configured.</p>`;

function loadOf({ platform, going, concurrency }: PlatformLoad): Html {
  if (concurrency === null) {
    return html`<p>${platform}: ${calls(going)}. How many it takes at once is not known: set <code>platforms.${platform}.concurrency</code>.</p>`;
  }
  return meter({
    label: platform,
    value: going,
    max: concurrency,
    text: `${going} of ${concurrency} calls`,
    tone: toneOf(going / concurrency),
  });
}

function toneOf(share: number): Tone {
  if (share >= 1) return 'bad';
  return share >= 0.85 ? 'warn' : 'info';
}

function calls(count: number): string {
  return count === 1 ? '1 call' : `${count} calls`;
}
