import type { SetupStep } from '../../../../src/domain/setup.ts';
import { leadFieldNames } from '../../tables/schema.ts';
import { campaignNames } from '../wanted-agents.ts';
import type { StepSite } from './step-site.ts';
import { table } from './step-text.ts';

/** Labels of the custom fields that are read or written, with what they are for. */
export function customFieldsOf(config: StepSite['vicidial']['config']): { label: string; use: string; type: string }[] {
  const fields = new Map<string, { use: string; type: string }>();
  for (const label of config.customFields) fields.set(label, { use: 'read: goes into headers', type: 'TEXT' });
  for (const { fields: written } of Object.values(config.campaigns)) {
    for (const [label, source] of Object.entries(written)) {
      if (isOwnColumn(label)) continue;
      fields.set(label, { use: `written: ${source}`, type: source === 'summary' ? 'AREA' : 'TEXT' });
    }
  }
  if (config.notesField) fields.set(config.notesField, { use: 'written: texts too long for comments', type: 'AREA' });
  return [...fields].map(([label, of]) => ({ label, ...of }));
}

function isOwnColumn(label: string): boolean {
  return label === 'alt_phone' || leadFieldNames.some((name) => name === label);
}

/** The custom fields that results and texts go to. */
export function customFieldsStep(site: StepSite): SetupStep {
  const { config } = site.vicidial;
  return {
    id: 'custom-fields',
    title: 'Custom fields of the lists',
    kind: 'generated',
    phase: 'dialer',
    checks: ['custom-fields.there'],
    async describe() {
      const fields = customFieldsOf(config);
      if (fields.length === 0) return 'Not needed: nothing is read from custom fields or written to them.';
      const campaigns = campaignNames(config);
      const lists = ((await site.seen())?.lists ?? []).filter(({ id, campaign }) =>
        config.sync.lists.length > 0 ? config.sync.lists.includes(Number(id)) : campaigns.includes(campaign),
      );
      const named = lists.map(({ id, name }) => `${id} (${name})`).join(', ');
      const configured = config.sync.lists.join(', ');
      return [
        `_Admin → Lists → Custom Fields_, in each list of the campaigns${named || configured ? `: ${named || configured}` : ''}. _Admin → System Settings → Custom Fields Enabled_ must be \`1\`. A field that is there already stays as it is.`,
        table(
          ['Label', 'Type', 'Max', 'Required', 'Use'],
          fields.map(({ label, type, use }) => [label, type, type === 'AREA' ? '5' : '255', 'N', use]),
        ),
        'Max of an AREA is its height in lines. A list with custom fields gets a table of its own, which the database user must be able to read: see the grants.',
      ].join('\n\n');
    },
  };
}
