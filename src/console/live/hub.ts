import { instantOf } from '../../domain/clock.ts';
import { messageOf } from '../../domain/errors.ts';
import type { Role } from '../../domain/roles.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import type { FoundPage } from '../find-page.ts';
import { doors } from '../layout.ts';
import type { NavBadges } from '../nav-badges.ts';
import type { Question, Room } from '../page.ts';
import { withinTime } from '../within-time.ts';
import { createPace } from './pace.ts';

/** Renders what somebody looks at, once for all who look at the same thing. Nothing runs while nobody looks. */
export interface LiveHub {
  /** From now on the viewer hears of what changes, first what a look that begins now sees. Gives what ends it. */
  watch(sight: Sight, viewer: Viewer): () => void;
}

/** What is looked at, and with which eyes. */
export interface Sight extends FoundPage {
  path: string;
  query: Readonly<Record<string, string>>;
  role: Role;
}

export interface Viewer {
  /** The parts as they are now, by id: always the same map for a page, so that a slow reader gets the newest. */
  see(parts: ReadonlyMap<string, string>): void;
  /** The page could not be rendered for now. */
  miss(why: 'trouble' | 'gone'): void;
}

export interface HubOptions {
  rooms: readonly Room[];
  badges(): Promise<NavBadges>;
  /** Of the machine's time, the share that rendering may take at most. (Default: 0.1) */
  share?: number;
}

/** Milliseconds of the machine's clock. */
const leastBetweenMs = 400;
const renderMs = 5000;

interface Topic {
  sight: Sight;
  viewers: Set<Viewer>;
  calls: readonly string[];
  renderedAt: number;
  dueAt: number;
}

export function createLiveHub(deps: ConsoleDeps, { rooms, badges, share }: HubOptions): LiveHub {
  const topics = new Map<string, Topic>();
  const pace = createPace({ share, nextDue, work: renderNext });
  let stopListening: (() => void) | undefined;

  function nextDue(): number | undefined {
    return mostUrgent()?.dueAt;
  }

  function mostUrgent(): Topic | undefined {
    let first: Topic | undefined;
    for (const topic of topics.values()) if (!first || topic.dueAt < first.dueAt) first = topic;
    return first;
  }

  async function renderNext(): Promise<void> {
    const topic = mostUrgent();
    if (!topic) return;
    topic.renderedAt = performance.now();
    topic.dueAt = topic.renderedAt + (topic.sight.page.live?.everyMs ?? renderMs);
    // Who comes meanwhile may have seen more already, on the page itself: the next look is theirs.
    const viewers = [...topic.viewers];
    try {
      const parts = await withinTime(renderMs, () => partsOf(topic.sight));
      for (const viewer of viewers) {
        if (parts) viewer.see(parts);
        else viewer.miss('gone');
      }
    } catch (error) {
      deps.log.debug({ reason: messageOf(error) }, 'a live page could not be rendered');
      for (const viewer of viewers) viewer.miss('trouble');
    }
  }

  async function partsOf(sight: Sight): Promise<ReadonlyMap<string, string> | null> {
    const question = questionOf(deps, sight);
    const [view, known] = await Promise.all([sight.page.render(question), badges()]);
    if (!view) return null;
    const door = doors({ rooms, user: question.user, badges: known, path: sight.path });
    return new Map([...view.body.parts, ...door.parts]);
  }

  function heard(correlationId: string): void {
    for (const topic of topics.values()) {
      if (!topic.calls.includes(correlationId)) continue;
      topic.dueAt = Math.min(topic.dueAt, topic.renderedAt + leastBetweenMs);
      pace.look();
    }
  }

  return {
    watch(sight, viewer) {
      const key = keyOf(sight);
      let topic = topics.get(key);
      if (!topic) {
        const calls = sight.page.live?.callsOf?.(questionOf(deps, sight)) ?? [];
        topic = { sight, viewers: new Set(), calls, renderedAt: Number.NEGATIVE_INFINITY, dueAt: 0 };
        topics.set(key, topic);
        stopListening ??= deps.changes.listen(heard);
      }
      topic.dueAt = Math.min(topic.dueAt, performance.now());
      const { viewers } = topic;
      viewers.add(viewer);
      pace.look();
      return () => {
        viewers.delete(viewer);
        if (viewers.size > 0) return;
        topics.delete(key);
        if (topics.size > 0) return;
        stopListening?.();
        stopListening = undefined;
        pace.look();
      };
    },
  };
}

/** No name: what is rendered is for everybody with this role. */
function questionOf(deps: ConsoleDeps, { params, query, role }: Sight): Question {
  return { deps, user: { name: '', role }, params, query, now: instantOf(deps.clock) };
}

function keyOf({ path, query, role }: Sight): string {
  return JSON.stringify([role, path, Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
