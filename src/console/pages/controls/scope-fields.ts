import type { ControlScope } from '../../../domain/controls.ts';
import { aspects } from '../../../domain/write-back.ts';
import { type Html, html } from '../../html.ts';
import type { ActionQuestion } from '../../page.ts';

/** A scope in a form that only asks whether. */
export function hiddenScope({ dialer, campaign, aspect }: ControlScope): Html {
  return html`<input type="hidden" name="dialer" value="${dialer}"><input type="hidden" name="campaign" value="${campaign}"><input type="hidden" name="aspect" value="${aspect}">`;
}

/** The scope that a form names; null when no form of ours has sent it. */
export function scopeIn({ form }: ActionQuestion): ControlScope | null {
  const of = (name: string) => (form[name]?.[0] ?? '').trim();
  const named = of('aspect');
  const aspect = aspects.find((each) => each === named);
  if (named && !aspect) return null;
  return { dialer: of('dialer'), campaign: of('campaign'), aspect: aspect ?? '' };
}
