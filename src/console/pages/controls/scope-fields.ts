import type { ControlScope } from '../../../domain/controls.ts';
import { aspects } from '../../../domain/write-back.ts';
import { namedCampaigns } from '../../../flows/judge-control.ts';
import { field, select } from '../../components/field.ts';
import { type Html, html } from '../../html.ts';
import type { ActionQuestion, Question } from '../../page.ts';

/**
 * Where something shall hold, for a person to fill in.
 *
 * @param prefix of the ids: a page may have several such forms
 */
export function scopeFields({ deps }: Pick<Question, 'deps'>, prefix: string): Html {
  const hint = "By the dialer's name of it; empty: every campaign.";
  return html`${select({ name: 'dialer', id: `${prefix}-dialer`, label: 'Dialer', options: [...deps.dialers.keys()], none: 'every dialer' })}
${field({ name: 'campaign', id: `${prefix}-campaign`, label: 'Campaign', hint, offers: namedCampaigns(deps), more: { maxlength: 150 } })}`;
}

/** A scope in a form that only asks whether. */
export function hiddenScope({ dialer, campaign, aspect }: ControlScope): Html {
  return html`<input type="hidden" name="dialer" value="${dialer}"><input type="hidden" name="campaign" value="${campaign}"><input type="hidden" name="aspect" value="${aspect}">`;
}

/** The scope that a form names; null when no form of ours has sent it. Without an aspect it is that of whole calls. */
export function scopeIn({ form }: ActionQuestion): ControlScope | null {
  const of = (name: string) => (form[name]?.[0] ?? '').trim();
  const named = of('aspect');
  const aspect = aspects.find((each) => each === named);
  if (named && !aspect) return null;
  return { dialer: of('dialer'), campaign: of('campaign'), aspect: aspect ?? '' };
}
