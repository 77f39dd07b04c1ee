import type { Attention } from '../../../domain/attention.ts';
import type { Call } from '../../../domain/call.ts';
import { nearestOf } from '../../../domain/nearest.ts';
import { isAtLeast } from '../../../domain/roles.ts';
import { lostWriteBack } from '../../../flows/write-again.ts';
import { address } from '../../address.ts';
import { outcomeBadge } from '../../components/badge.ts';
import { codeBlock } from '../../components/copy.ts';
import { disclosure } from '../../components/disclosure.ts';
import { button, field } from '../../components/field.ts';
import { callLink } from '../../components/links.ts';
import { panel } from '../../components/panel.ts';
import { maskedKey, maskedPhone } from '../../components/phone.ts';
import { table } from '../../components/table.ts';
import { ago, type PageClock, time } from '../../components/time.ts';
import { form } from '../../form.ts';
import { type Html, html } from '../../html.ts';
import { maskNumbers } from '../../mask-numbers.ts';
import type { ConsoleUser, Question } from '../../page.ts';
import { candidatesOf, detailsOf, hasNumber } from './details.ts';
import { kindWords } from './kinds.ts';
import { idOf } from './names.ts';

export interface CardParts {
  user: ConsoleUser;
  clock: PageClock;
  /** The calls of the item's candidates, those that are known. */
  candidates: readonly Call[];
  outcomeCodes: readonly string[];
  isRevealed?: boolean;
}

/** One thing that needs a person: what it is, what is known, and what can be done. */
export function itemCard(item: Attention, parts: CardParts): Html {
  const { user, clock, isRevealed = false } = parts;
  const { title, meaning, advice } = kindWords[item.kind];
  const isOpen = item.settledAt === null;
  const mayAct = isOpen && isAtLeast(user.role, 'operator');
  const told = item.count > 1 ? html`${item.count} times, last ${ago(item.lastAt, clock)}` : ago(item.lastAt, clock);
  return panel(
    title,
    html`<p>${meaning}</p>
${detailsOf(item, user.role, clock, { isRevealed })}
${candidatesTable(item, parts, mayAct)}
${isOpen && html`${!item.details.hint && html`<p class="hint">${advice}</p>`}${more(item, parts)}`}
${isOpen ? mayAct && actions(item, isRevealed) : html`<p>Settled ${time(item.settledAt, clock)} by ${item.settledBy}: ${item.settlement}</p>`}`,
    { id: idOf(item), beside: html`<span class="quiet">${told}</span>` },
  );
}

function candidatesTable(item: Attention, { candidates, clock }: CardParts, mayAct: boolean): Html {
  const ids = candidatesOf(item);
  if (ids.length === 0) return html``;
  const canChoose = mayAct && item.kind === 'ambiguous-call' && Boolean(item.details.conversation);
  const choose = ({ correlationId }: Call) =>
    form(
      'attention/choose',
      html`<input type="hidden" name="key" value="${item.key}"><input type="hidden" name="call" value="${correlationId}">
${button(html`Choose<span class="heard"> ${correlationId}</span>`, { look: 'primary' })}`,
    );
  const calls = table({
    caption: 'The calls that it can be',
    head: [
      'Call',
      'Time',
      'Campaign',
      'Lead',
      'Number',
      'Outcome',
      ...(canChoose ? [{ title: 'Choose', isTitleHidden: true }] : []),
    ],
    rows: candidates.map((call) => [
      callLink(call.correlationId),
      time(call.registeredAt, clock, { seconds: true }),
      `${call.campaign} on ${call.dialer}`,
      maskedKey(call.leadKey, call.phone),
      maskedPhone(call.phone),
      outcomeBadge(call.outcome?.code),
      ...(canChoose ? [choose(call)] : []),
    ]),
    empty: 'None of its candidates is known any more. Leave it.',
  });
  return html`<h3>The calls that it can be</h3>${calls}`;
}

/** What belongs to one kind only. */
function more({ kind, key, details, correlationId }: Attention, { user, outcomeCodes }: CardParts): Html {
  if (kind === 'unlisted-outcome') {
    // A language model's own word may hold what the customer told it: then nobody wants it for a code.
    const isCode = isAtLeast(user.role, 'operator') && maskNumbers(details.code ?? '') === details.code;
    const code = isCode ? (details.code ?? '') : '';
    const near = nearestOf(code, outcomeCodes, 3);
    return html`<p>Allowed are: ${outcomeCodes.join(', ')}.${near.length > 0 && ` Nearest: ${near.join(', ')}.`}</p>
${code && html`<p>To allow it, add to the configuration and restart:</p>${codeBlock(`outcomes:\n  extra: [${yamlText(code)}]`, 'Copy the lines')}`}`;
  }
  if (kind === 'overdue-opt-out' || kind === 'shared-number') {
    return html`<p><a href="${address(`opt-outs/${encodeURIComponent(correlationId)}`)}">See its clocks</a></p>`;
  }
  if (kind === 'finding' && key.startsWith('many-lost:')) {
    return codeBlock('npx patchbay reconcile --heal-all', 'Copy the command');
  }
  const id = kind === 'finding' ? (/^moved-on:(.+)$/.exec(key)?.[1] ?? lostWriteBack(key)) : null;
  return id
    ? html`<p><a href="${address(`write-backs/${encodeURIComponent(id)}`)}">See the write-back</a></p>`
    : html``;
}

function actions(item: Attention, isRevealed: boolean): Html {
  const { kind, key } = item;
  const id = idOf(item);
  const named = html`<input type="hidden" name="kind" value="${kind}"><input type="hidden" name="key" value="${key}">`;
  const leave = form(
    'attention/leave',
    html`${named}${field({ name: 'why', id: `${id}-why`, label: 'What you found, or why it is left', isRequired: true, more: { maxlength: 500, autocomplete: 'off' } })}
<div class="actions">${button('Settle it')}</div>`,
  );
  return html`<div class="actions">
${kind === 'finding' && lostWriteBack(key) !== null && form('attention/write-again', html`${named}${button('Write it again', { look: 'primary' })}`)}
${!isRevealed && hasNumber(item) && form('attention/number', html`${named}${button('Show the number', { look: 'link' })}`)}
</div>
${disclosure({ id: `${id}-settle`, summary: 'Settle it …', content: leave })}`;
}

export function yamlText(text: string): string {
  return /^[A-Za-z_][\w-]*$/.test(text) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(text)
    ? text
    : JSON.stringify(text);
}

/** What cards of a page need, read together. */
export async function cardParts(
  { deps, user }: Question,
  clock: PageClock,
  items: readonly Attention[],
): Promise<(item: Attention) => CardParts> {
  const ids = [...new Set(items.flatMap(candidatesOf))];
  const calls = await Promise.all(ids.map((id) => deps.store.callById(id)));
  const byId = new Map(ids.map((id, index) => [id, calls[index] ?? null]));
  return (item) => ({
    user,
    clock,
    outcomeCodes: deps.settings.outcomeCodes,
    candidates: candidatesOf(item).flatMap((id) => byId.get(id) ?? []),
  });
}
