import type { Check } from '../../../../src/domain/connector.ts';
import { type ApiFunctionName, apiFunctions } from '../../api/functions.ts';
import type { VicidialConfig } from '../../config.ts';
import type { Site } from '../site-tables/site.ts';
import { baseUses } from '../snippets/api-user.ts';
import type { ApiAsked } from './api-checks.ts';
import { type CheckRun, checkOf, type Fault, type Findings, tableCheck } from './check-of.ts';
import { lookAtDnc } from './dnc-check.ts';

/** Builds that brought the functions which not every release in use has. */
const firstBuilds: Partial<Record<ApiFunctionName, number>> = {
  update_lead: 100718,
  ra_call_control: 100315,
  recording_lookup: 101206,
  update_list: 110306,
  server_refresh: 140211,
  update_campaign: 160603,
  update_log_entry: 120913,
  agent_status: 130405,
  callid_info: 140124,
  logged_in_agents: 151226,
  lead_field_info: 160709,
  ccc_lead_info: 170609,
  lead_callback_info: 181214,
  list_info: 191107,
  add_dnc_phone: 191113,
  lead_all_info: 210316,
  lead_search: 211027,
  delete_dnc_phone: 240302,
  update_remote_agent: 240703,
  hopper_bulk_insert: 250720,
};

/** The release, and what holds for the site as a whole. */
export function siteChecks(run: CheckRun, asked: ApiAsked): Check[] {
  const { vicidial } = run;
  const { config } = vicidial;
  return [
    checkOf(
      {
        id: 'release',
        title: 'The release has every function that is used',
        looksAt: 'Non-Agent API: version, its BUILD',
        needs: ['api.reachable'],
        why: 'A function that is not there can not be called, and what it does is not done.',
      },
      async () => lookAtRelease(config, (await asked.version()).builtOn),
    ),
    tableCheck(
      run,
      {
        id: 'settings.schema',
        title: 'The database schema is told',
        looksAt: 'system_settings.db_schema_version',
        reads: ['system_settings.db_schema_version'],
        why: 'A database that was left behind by an upgrade lacks columns that the programs expect.',
        byHand: 'Admin → System Settings → DB Schema Version',
      },
      async (site) => lookAtSchema(site),
    ),
    tableCheck(
      run,
      {
        id: 'custom-fields.there',
        title: 'The configured custom fields are there',
        looksAt: 'system_settings.custom_fields_enabled, vicidial_lists_fields',
        reads: ['system_settings.custom_fields_enabled'],
        why: 'A field that is not there is neither read for headers nor written with a result.',
        byHand: 'Admin → Lists → Custom Fields',
      },
      (site) => lookAtCustomFields(config, site),
    ),
    tableCheck(
      run,
      {
        id: 'dnc.heeded',
        title: 'Campaigns heed the DNC lists that opt-outs go to',
        looksAt: 'vicidial_campaigns.use_internal_dnc, use_campaign_dnc',
        why: 'Somebody who opted out is listed, and a lead of theirs that is still dialable is dialled all the same.',
        byHand: 'Admin → Campaigns → each → Detail → Use Internal DNC List: Y',
      },
      async (site) => lookAtDnc({ config }, site.database, await site.campaignNames()),
    ),
    checkOf(
      {
        id: 'gate.before-dialling',
        title: 'What a campaign asks of a call is asked before VICIdial dials it',
        looksAt: 'campaigns.….gate of the configuration',
        why: 'A call whose headers are asked for has been answered: it goes to the AI whatever the gate would say.',
      },
      async () => lookAtGate(config),
    ),
  ];
}

function lookAtRelease(config: VicidialConfig, builtOn: number): Findings {
  if (builtOn === 0) {
    return {
      found: 'the release does not tell its build',
      isUnknown: true,
      fix: 'Look yourself: Admin → the line at the foot of the page.',
    };
  }
  const uses = baseUses(config);
  const lacking = (Object.keys(apiFunctions) as ApiFunctionName[]).filter((name) => builtOn < (firstBuilds[name] ?? 0));
  const isUsed = (name: ApiFunctionName) => uses.includes(apiFunctions[name].use);
  const needed = lacking.filter(isUsed);
  const spare = lacking.filter((name) => !isUsed(name) && apiFunctions[name].use !== 'api-only');
  const faults: Fault[] = [];
  const fix = 'Upgrade VICIdial (Admin → the line at the foot of the page shows the build), or do without.';
  if (needed.length > 0) {
    const isWarning = !needed.some((name) => apiFunctions[name].use === 'results');
    faults.push({ found: `build ${builtOn} has no ${needed.join(', ')}`, fix, isWarning });
  }
  if (spare.length > 0)
    faults.push({
      found: `build ${builtOn} has no ${spare.join(', ')}, which only commands use`,
      fix,
      isWarning: true,
    });
  return { found: `build ${builtOn} has all of them`, faults };
}

async function lookAtSchema(site: Site): Promise<Findings> {
  const schema = (await site.settings())?.db_schema_version ?? 0;
  if (schema > 0) return { found: `schema ${schema}` };
  const fix =
    'Run the upgrade of the database that came with the release, and look at Admin → System Settings → DB Schema Version.';
  return { found: '', faults: [{ found: 'system_settings names no schema version', fix, isWarning: true }] };
}

async function lookAtCustomFields(config: VicidialConfig, site: Site): Promise<Findings> {
  const written = Object.values(config.campaigns).flatMap(({ fields }) => Object.keys(fields));
  const leadColumns = (await site.columns()).get('vicidial_list') ?? new Set<string>();
  const wanted = [...config.customFields, ...(config.notesField ? [config.notesField] : []), ...written].filter(
    (label) => !leadColumns.has(label.toLowerCase()),
  );
  if (wanted.length === 0) return { found: 'not used: no custom fields are configured' };
  if (!(await site.settings())?.custom_fields_enabled) {
    const fix = 'Admin → System Settings → Custom Fields Enabled: 1';
    return { found: '', faults: [{ found: 'custom fields are switched off', fix }] };
  }
  const lists =
    config.sync.lists.length > 0
      ? config.sync.lists.map(String)
      : (await site.lists()).filter(({ active }) => active).map(({ list_id }) => list_id);
  const defined = await site.customFields();
  const faults = lists.flatMap((list) => {
    const labels = defined.filter((field) => field.list_id === list).map((field) => field.field_label);
    const missing = [...new Set(wanted)].filter((label) => !labels.includes(label));
    if (missing.length === 0) return [];
    const fix = `Admin → Lists → ${list} → Custom Fields: add ${missing.join(', ')}.`;
    return [{ found: `list ${list} has no custom field ${missing.join(', ')}`, fix, isWarning: true }];
  });
  return { found: `${[...new Set(wanted)].join(', ')} in ${lists.join(', ')}`, faults };
}

/** Requests for headers come when the customer has answered, and are not asked for consent or the scrub service. */
function lookAtGate({ campaigns }: VicidialConfig): Findings {
  const asking = Object.keys(campaigns).filter((name) => {
    const { consent, scrub } = campaigns[name]?.gate ?? {};
    return consent !== undefined || scrub === true;
  });
  if (asking.length === 0) return { found: 'not used: no campaign asks for consent or the scrub service' };
  const fault: Fault = {
    found: `consent or scrub service are asked for in ${asking.join(', ')}, but not of calls that VICIdial dials by itself`,
    fix: 'Filter the leads of these campaigns in VICIdial (Admin → Filters), or fill the hopper with `npx patchbay <id> push`.',
    isWarning: true,
  };
  return { found: '', faults: [fault] };
}
