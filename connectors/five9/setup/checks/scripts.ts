import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { type Finding, severities } from '../../ivr/audit/finding.ts';
import { learnSeed } from '../../ivr/script/seed.ts';
import { childOf, readXml, textAt } from '../../ivr/xml.ts';
import { toFive9Number } from '../../numbers.ts';
import { wantedDispositions } from '../plan-dispositions.ts';
import type { SiteScript } from './read-scripts.ts';
import { checkOf, fail, notUsed, ok, rightsCheck, some, warn } from './results.ts';
import { numberOfTransfer } from './routes.ts';
import { covers, isLeft, ruleChecks } from './script-rules.ts';
import type { Site } from './site.ts';

const menu = 'VCC Administrator → IVR Scripts';
const behindOurs = [rightsCheck, 'scripts.ours'];

/** The IVR scripts that the configuration describes, and those that its campaigns run. */
export function scriptChecks(site: Site): Check[] {
  const asked = ruleChecks.map(({ rules, why, needs = [], ...rest }) =>
    checkOf({
      ...rest,
      needs: [...behindOurs, ...needs],
      run: () => judge(site, why, (finding) => covers(rules, finding.rule), ownFindings[rest.id]),
    }),
  );
  return [
    checkOf({
      id: 'scripts.exist',
      title: 'The IVR scripts exist',
      looksAt: 'getIVRScripts: name, and that xmlDefinition is a script',
      run: () => exist(site),
    }),
    checkOf({
      id: 'scripts.ours',
      title: 'The IVR scripts talk to Patchbay',
      looksAt: 'url of the Query modules',
      needs: [rightsCheck, 'scripts.exist'],
      run: () => ours(site),
    }),
    checkOf({
      id: 'scripts.seed',
      title: 'The seed script tells what no web service tells',
      looksAt: 'getIVRScripts: ivr.seedScript, its dispositions, authorization profile, KVLists and Set DNC',
      run: () => seed(site),
    }),
    checkOf({
      id: 'scripts.number',
      title: 'The scripts transfer to the configured number',
      looksAt: 'thirdPartyNumber of the module 3rd Party Transfer, against script.transferTo',
      needs: behindOurs,
      run: () => number(site),
    }),
    ...asked,
    checkOf({
      id: 'scripts.audit',
      title: 'Calls find their way through the scripts',
      looksAt: 'all other rules of the audit: modules, connections, ends, loops',
      needs: behindOurs,
      run: () => judge(site, 'Calls go wrong, or are cut.', (finding) => isLeft(finding.rule)),
    }),
  ];
}

type OwnFinding = Pick<Finding, 'severity' | 'what' | 'module' | 'change'>;

async function exist(site: Site): Promise<CheckResult> {
  const scripts = await site.scripts();
  if (scripts.length === 0) return notUsed('no campaign has a script, and none runs one');
  const bad = scripts.filter(({ why }) => why !== '');
  if (bad.length === 0) return ok(scripts.map(({ name }) => name).join(', '));
  return fail(
    bad.map(({ name, why }) => (why === 'missing' ? `not in Five9: ${name}` : `${name}: ${why}`)).join('; '),
    'Without its script no call reaches the AI.',
    `Run npx patchbay ${site.five9.id} script --all --apply (by hand: ${menu} → Add, module by module as in docs/ivr-script.md).`,
  );
}

async function ours(site: Site): Promise<CheckResult> {
  const foreign = (await site.scripts()).filter(({ view }) => view && !view.isOurs);
  if (foreign.length === 0) return ok('all of them');
  // Where the configuration describes no script, somebody may have reasons for that one.
  const isDescribed = foreign.some(({ part }) => part !== '');
  return (isDescribed ? fail : warn)(
    `nothing in it asks Patchbay: ${foreign.map(({ name }) => name).join(', ')}`,
    'Its calls are not registered: the AI gets no correlation ID, and no outcome comes back.',
    `Run npx patchbay ${site.five9.id} script --all --apply --force, which writes over the script that is there; or add the Queries: ${menu} → the script (docs/ivr-script.md).`,
  );
}

/** What findings say, worst first; a script that does not talk to us was told by `scripts.ours`. */
async function judge(
  site: Site,
  why: string,
  isMine: (finding: Finding) => boolean,
  own: (site: Site, script: SiteScript) => OwnFinding[] = () => [],
): Promise<CheckResult> {
  const scripts = (await site.scripts()).filter(({ view }) => view?.isOurs);
  if (scripts.length === 0) return notUsed('no script talks to Patchbay');
  const bad = scripts.flatMap((script) => {
    const found = script.findings.filter((finding) => isMine(finding) && finding.severity !== 'remark');
    const more = found.length > 0 ? found : own(site, script);
    return more.map((finding) => ({ script: script.name, ...finding }));
  });
  const [first, ...others] = bad.sort((one, other) => rank(one) - rank(other));
  if (!first) return ok(`${scripts.length} looked through, nothing found`);
  const where = `${menu} → ${first.script}${first.module ? ` → ${first.module}` : ''}`;
  return (first.severity === 'error' ? fail : warn)(
    `${first.script}: ${first.what}${first.module ? ` in "${first.module}"` : ''}${others.length > 0 ? `, and ${others.length} more` : ''}`,
    why,
    `${where}: ${first.change || 'see the audit.'} All of them: npx patchbay ${site.five9.id} audit --domain.`,
  );
}

function rank({ severity }: OwnFinding): number {
  return severities.indexOf(severity);
}

/** What the rules can't see, since they do not know of the campaign's handoff and profile. */
const ownFindings: Readonly<Record<string, (site: Site, script: SiteScript) => OwnFinding[]>> = {
  'scripts.return': ({ config }, { part, campaigns, view }) => {
    const handoffs = new Set(campaigns.map((name) => config.campaigns[name]?.script?.handoff ?? ''));
    const [handoff] = handoffs;
    if (part === 'inbound' || !handoff || handoffs.size > 1) return [];
    return (view?.toAi ?? []).flatMap((module) => {
      const returns = textAt(module.data, 'returnAfter3rdParty') === 'true';
      if (returns === (handoff === 'A')) return [];
      const what = `Return After 3rd Party Call is ${returns ? 'on' : 'off'}, and the handoff is ${handoff}`;
      const change = `${returns ? 'Untick' : 'Tick'} Return After 3rd Party Call, or set script.handoff.`;
      return [{ severity: 'error' as const, what, module: module.name, change }];
    });
  },
  'scripts.authorization': ({ config }, { view }) => {
    const wanted = config.ivr.authProfile;
    return (view?.queries ?? []).flatMap(({ module, isOurs }) => {
      const holder = childOf(module.data, 'authProfileHolder');
      const name = textAt(holder, 'extrnalObj', 'name');
      if (!isOurs || !name || name === wanted || textAt(holder, 'varSelected') === 'true') return [];
      const what = `its authorization profile is "${name}", configured is "${wanted}"`;
      const change = `Choose ${wanted}, or name the other in ivr.authProfile.`;
      return [{ severity: 'warning' as const, what, module: module.name, change }];
    });
  },
};

/** One number in another form is the same: that is for `scripts.number-form`. */
async function number(site: Site): Promise<CheckResult> {
  const { config } = site;
  const seen: string[] = [];
  const wrong: string[] = [];
  for (const { name, campaigns, view } of await site.scripts()) {
    const wanted = campaigns.flatMap((campaign) => config.campaigns[campaign]?.script?.transferTo ?? []);
    for (const module of view?.isOurs && wanted.length > 0 ? view.toAi : []) {
      const dialled = numberOfTransfer(module);
      if (dialled === null) continue;
      const isWanted = wanted.some((one) =>
        [one, toFive9Number(one, config.numberFormat), one.slice(1)].includes(dialled),
      );
      if (isWanted) seen.push(dialled);
      else
        wrong.push(
          `${name} transfers to ${dialled || 'no number'} in "${module.name}", configured is ${wanted.join(', ')}`,
        );
    }
  }
  if (wrong.length === 0) return seen.length > 0 ? ok(some(seen)) : notUsed('no script transfers to a constant number');
  return fail(
    wrong.join('; '),
    'SigmaMind chooses the agent by the number that is called: another one reaches another agent, or nobody.',
    `${menu} → the script → the module → 3rd party number: the configured one; or correct campaigns.<name>.script.transferTo.`,
  );
}

async function seed(site: Site): Promise<CheckResult> {
  const { config, five9 } = site;
  const name = config.ivr.seedScript;
  if (!name) return notUsed('ivr.seedScript is not set');
  const why = 'Ids that no web service tells stay blank in the scripts, and have to be chosen by hand in each module.';
  const fix = `${menu} → ${name}: npx patchbay ${five9.id} script --how-to-seed says click by click how it is made.`;
  const script = await site.seedScript();
  if (!script) return warn(`not in Five9: ${name}`, why, fix);
  const learned = learnSeed(readXml(script.xml));
  const lacking = [
    ...[...wantedDispositions(config).keys()].filter((disposition) => !learned.dispositions.has(disposition)),
    ...(learned.profiles.size === 0 ? ['an authorization profile'] : []),
    ...(learned.transfer?.sends ? [] : ['the KVList to send']),
    ...(learned.setDnc ? [] : ['Set DNC']),
  ];
  if (lacking.length === 0) return ok(`${name} tells all`);
  return warn(`${name} does not tell: ${some(lacking)}`, why, fix);
}
