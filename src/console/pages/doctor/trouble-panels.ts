import type { TroubleVerdict } from '../../../flows/doctor/trouble.ts';
import { checkBadge } from '../../components/badge.ts';
import { panel } from '../../components/panel.ts';
import { table } from '../../components/table.ts';
import { type Html, html } from '../../html.ts';
import { checkLinks } from './check-item.ts';
import type { Looker } from './looker.ts';

/** Each entry of the guides' troubleshooting by its title, with the checks that speak for it. */
export function troublePanels(troubles: readonly TroubleVerdict[], instance: string, looker: Looker): Html {
  const wanted = troubles.filter((trouble) => instance === '' || trouble.instance === instance);
  const groups = [...Map.groupBy(wanted, (trouble) => `${trouble.guide}\n${trouble.instance}`).values()];
  return html`${groups.map((group) => guidePanel(group, looker))}`;
}

function guidePanel(troubles: readonly TroubleVerdict[], looker: Looker): Html {
  const { guide = '', instance = '' } = troubles[0] ?? {};
  const rows = troubles.map((trouble) => [trouble.title, checkBadge(trouble.status), speaking(trouble, looker)]);
  return panel(
    `Troubleshooting of the guide “${guide}” for ${instance}`,
    table({
      caption: `Entries of the guide ${guide}`,
      head: ['What the guide calls it', 'Result', 'What speaks for it'],
      rows,
      empty: 'The guide has no entries.',
    }),
  );
}

function speaking({ status, causes, roots, correction }: TroubleVerdict, { shown }: Looker): Html {
  const of = (kind: string) => causes.flatMap((cause) => (cause.status === kind ? [cause.id] : []));
  const unknown = of('unknown');
  const groups = [
    ['fails', of('fail')],
    ['warns', of('warn')],
    ['can’t be told', roots.filter((id) => unknown.includes(id))],
    ['can’t be told without', roots.filter((id) => !unknown.includes(id))],
  ] as const;
  const said = groups.filter(([, ids]) => ids.length > 0);
  return html`${said.map(([word, ids]) => html`<p>${word}: ${checkLinks(ids)}</p>`)}
${status === 'unknown' && said.length === 0 && html`<p>Nothing is configured that it is about.</p>`}
${status !== 'ok' && correction && html`<p class="quiet">The guide: ${shown(correction)}</p>`}`;
}
