import { type AttributeValue, attributes } from '../attributes.ts';
import { type Html, html, type Renderable } from '../html.ts';

interface Labelled {
  name: string;
  label: Renderable;
  /** Below the field: what belongs in it. */
  hint?: Renderable;
  /** What is wrong with what was given. */
  error?: string;
  isRequired?: boolean;
  /** Where a name occurs twice on a page. (Default: the name) */
  id?: string;
}

export interface Field extends Labelled {
  /** What may be meant: offered while somebody writes, and anything else may be written. */
  offers?: readonly string[];
  type?: 'text' | 'search' | 'tel' | 'email' | 'password' | 'number' | 'date' | 'time' | 'datetime-local';
  value?: string | null | undefined;
  /** Whatever else the tag needs: `autocomplete`, `maxlength`, `pattern`, `placeholder`, `autofocus`. */
  more?: Readonly<Record<string, AttributeValue>>;
}

/** A field of one line with its label. */
export function field({ type = 'text', value, more = {}, offers = [], ...rest }: Field): Html {
  const list = offers.length > 0 ? `${rest.id ?? rest.name}-offers` : undefined;
  return labelled(
    rest,
    (own) =>
      html`<input ${attributes({ ...more, ...own, type, list, value: value ?? '' })}>${list && html`<datalist id="${list}">${offers.map((offer) => html`<option value="${offer}"></option>`)}</datalist>`}`,
  );
}

/** A field of several lines with its label. */
export function textArea({ value, rows = 3, ...rest }: Labelled & { value?: string; rows?: number }): Html {
  return labelled(rest, (own) => html`<textarea ${attributes({ ...own, rows })}>${value ?? ''}</textarea>`);
}

export interface Choice {
  value: string;
  text: string;
}

/** A choice of one from a list. `none` is the text of the choice of nothing; without it one must be chosen. */
export function select({
  options,
  value,
  none,
  ...rest
}: Labelled & { options: readonly (string | Choice)[]; value?: string | null | undefined; none?: string }): Html {
  const choices = options.map((option) => (typeof option === 'string' ? { value: option, text: option } : option));
  const all = none === undefined ? choices : [{ value: '', text: none }, ...choices];
  return labelled(
    rest,
    (own) =>
      html`<select ${attributes(own)}>${all.map((choice) => html`<option ${attributes({ value: choice.value, selected: choice.value === (value ?? '') })}>${choice.text}</option>`)}</select>`,
  );
}

/** A tick with its label. */
export function checkbox({
  name,
  value = 'yes',
  label,
  isChecked = false,
  isLabelHidden = false,
  id = `${name}-${value}`,
}: {
  name: string;
  value?: string;
  label: Renderable;
  isChecked?: boolean;
  isLabelHidden?: boolean;
  id?: string;
}): Html {
  const words = isLabelHidden ? html`<span class="heard">${label}</span>` : html`<span>${label}</span>`;
  return html`<label class="tick"><input ${attributes({ type: 'checkbox', name, value, checked: isChecked, id })}>${words}</label>`;
}

/** A button that sends its form. `danger` is for what can't be taken back. */
export function button(
  text: Renderable,
  { look = 'plain', ...more }: { look?: 'plain' | 'primary' | 'danger' | 'link'; name?: string; value?: string } = {},
): Html {
  return html`<button ${attributes({ class: look, ...more })}>${text}</button>`;
}

function labelled(
  { name, label, hint, error, isRequired, id = name }: Labelled,
  control: (own: Record<string, AttributeValue>) => Html,
): Html {
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  const own = {
    id,
    name,
    required: isRequired,
    'aria-describedby': described || null,
    'aria-invalid': error ? 'true' : null,
  };
  return html`<div class="field">
<label for="${id}">${label}</label>
${control(own)}
${error && html`<p class="error" id="${id}-error">${error}</p>`}
${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
</div>`;
}
