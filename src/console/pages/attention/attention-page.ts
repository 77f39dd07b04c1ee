import { type AttentionKind, attentionKinds } from '../../../domain/attention.ts';
import type { AttentionPlace } from '../../../store/reads/attention-pages.ts';
import { address } from '../../address.ts';
import { pager } from '../../components/pager.ts';
import { emptyState } from '../../components/table.ts';
import { tabs, twoTabs } from '../../components/tabs.ts';
import { clockOf } from '../../components/time.ts';
import { type Html, html, live } from '../../html.ts';
import type { Page } from '../../page.ts';
import { heldOutcomes } from './held-outcomes.ts';
import { cardParts, itemCard } from './item-card.ts';
import { kindWords } from './kinds.ts';

const itemsShown = 20;
const mostCounted = 1000;
/** Held rows that are looked through for their reasons. */
const mostHeld = 5000;

/** What is open, or on the second tab what was settled. */
export const attentionPage: Page = {
  path: 'attention',
  least: 'viewer',
  live: { everyMs: 5000 },
  async render(question) {
    const { deps, query } = question;
    const isOpen = query.tab !== 'settled';
    const kind = attentionKinds.find((each) => each === query.kind);
    const [page, counts, held] = await Promise.all([
      deps.store.attentionPage({
        isOpen,
        limit: itemsShown,
        ...(kind && { kind }),
        ...(query.after && { after: placeIn(query.after) }),
      }),
      deps.store.countAttention(mostCounted),
      isOpen && !kind && !query.after ? deps.store.heldReasons(mostHeld) : [],
    ]);
    const parts = await cardParts(question, clockOf(question), page.items);
    const cards = page.items.map((item) => itemCard(item, parts(item)));
    const asked = { tab: isOpen ? null : 'settled', kind, after: query.after };
    const body = html`${live('attention-tabs', html`${stateTabs(isOpen, counts)}${kindTabs(isOpen, kind, counts)}`)}
${live('attention-items', html`${heldOutcomes(held)}${cards}${cards.length === 0 && held.length === 0 && nothing(isOpen)}`)}
${pager({ path: 'attention', query: asked, next: page.next && placeText(page.next) })}`;
    return { title: 'Needs a person', body };
  },
};

type Counts = readonly { kind: AttentionKind; count: number }[];

function stateTabs(isOpen: boolean, counts: Counts): Html {
  const count = counts.reduce((sum, each) => sum + each.count, 0);
  const place = { path: 'attention', isFirst: isOpen };
  return twoTabs('Open or settled', place, { title: 'Open', count }, { title: 'Settled', tab: 'settled' });
}

function kindTabs(isOpen: boolean, current: AttentionKind | undefined, counts: Counts): Html {
  const tab = isOpen ? null : 'settled';
  const countOf = (kind: AttentionKind) => counts.find((each) => each.kind === kind)?.count ?? 0;
  const kinds = (Object.keys(kindWords) as AttentionKind[]).filter(
    (kind) => !isOpen || kind === current || countOf(kind) > 0,
  );
  if (kinds.length < 2 && !current) return html``;
  return tabs('Kinds', [
    { title: 'All', href: address('attention', { tab }), isCurrent: !current },
    ...kinds.map((kind) => ({
      title: kindWords[kind].title,
      href: address('attention', { tab, kind }),
      isCurrent: kind === current,
      ...(isOpen && { count: countOf(kind) }),
    })),
  ]);
}

function nothing(isOpen: boolean): Html {
  return emptyState(
    isOpen
      ? 'Nothing needs a person. What can’t be decided by itself stands here: ambiguous calls, outcomes without a disposition, opt-outs that are late, and what reconciliation finds.'
      : 'Nothing was settled yet. What somebody decided stays here.',
  );
}

function placeText({ at, kind, key }: AttentionPlace): string {
  return [at, kind, key].join('~');
}

function placeIn(text: string): AttentionPlace {
  const [at = '', kind = '', ...key] = text.split('~');
  return { at, kind, key: key.join('~') };
}
