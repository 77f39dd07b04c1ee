import type { ConnectorDeps } from '../../domain/connector.ts';
import { ConnectorError } from '../../domain/errors.ts';
import type { Asker, SetupWizard } from '../../domain/setup.ts';
import { askStore } from './ask-store.ts';
import { type DraftDeps, draftSite, type SiteDraft } from './draft-site.ts';
import { reasonOf } from './plan-steps.ts';

/** What can be set up: a connector's type, and its questions. */
export interface WizardFactory {
  type: string;
  kind: 'platform' | 'dialer';
  wizard?: SetupWizard<ConnectorDeps> | undefined;
}

export interface AskSiteDeps extends DraftDeps {
  factories: readonly WizardFactory[];
  /** Why a text can't be the id of an instance; null when it can. */
  judgeId(id: string): string | null;
  /** For the clients that wizards read systems with. */
  connectorDeps(id: string, publicUrl: string): ConnectorDeps;
}

/**
 * Asks for what nobody can read: which systems there are and where Patchbay is reached; then each system's own wizard,
 * platforms first, as the dialers' need their numbers.
 */
export async function askSite(deps: AskSiteDeps, ask: Asker): Promise<SiteDraft> {
  const draft = draftSite(deps);
  const platforms = await askInstances(deps, ask, 'platform', []);
  const taken = [...instanceIds(deps, 'platform'), ...platforms.map(({ id }) => id)];
  const wanted = [...platforms, ...(await askInstances(deps, ask, 'dialer', taken))];
  const publicUrl = await askPublicUrl(deps, ask);
  draft.lay(['server', 'publicUrl'], publicUrl);
  await askStore(ask, draft);
  draft.needHashKey();
  for (const { id, factory } of wanted) {
    await askInstance({ deps, ask, draft, publicUrl }, id, factory);
  }
  if (wanted.some(({ factory }) => factory.kind === 'dialer')) draft.needDialerClient();
  return draft.finish();
}

interface Talk {
  deps: AskSiteDeps;
  ask: Asker;
  draft: ReturnType<typeof draftSite>;
  publicUrl: string;
}

async function askInstance({ deps, ask, draft, publicUrl }: Talk, id: string, factory: WizardFactory): Promise<void> {
  const section = [`${factory.kind}s`, id];
  if (!factory.wizard) {
    ask.say(`${id}: there are no questions for ${factory.type}; write its section by config/patchbay.example.yaml.`);
    return;
  }
  for (;;) {
    try {
      const told = await factory.wizard(ask, {
        id,
        publicUrl,
        deps: deps.connectorDeps(id, publicUrl),
        numbers: draft.numbers(),
        present: draft.presentSection(section),
        valueOf: draft.valueOf,
        keepSecret: draft.keepSecret,
        makeClient: draft.makeClient,
      });
      draft.lay(section, { ...told.section, type: factory.type });
      draft.addNumbers(told.numbers ?? []);
      return;
    } catch (error) {
      // What is only rehearsed may well stumble over an answer that is not there.
      if (ask.isRehearsal) return draft.fail(id, '');
      if (!(error instanceof ConnectorError)) throw error;
      const reason = reasonOf(error);
      const isAgain = await ask.confirm({
        key: `${id}.again`,
        message: `${id}: ${reason} Ask again?`,
        byDefault: false,
      });
      if (isAgain) continue;
      draft.fail(id, reason);
      return;
    }
  }
}

async function askInstances(
  deps: AskSiteDeps,
  ask: Asker,
  kind: WizardFactory['kind'],
  taken: readonly string[],
): Promise<{ id: string; factory: WizardFactory }[]> {
  const factories = deps.factories.filter((factory) => factory.kind === kind);
  const present = presentInstances(deps, kind);
  const types = factories.filter(({ type }) => present.some((each) => each.type === type)).map(({ type }) => type);
  const [only] = factories;
  const byDefault = types.length > 0 ? types : kind === 'platform' && only ? [only.type] : undefined;
  const chosen = await ask.chooseSome({
    key: `patchbay.${kind}s`,
    message: kind === 'platform' ? 'Which AI platforms do you use?' : 'Which dialers do you use?',
    choices: factories.map(({ type }) => ({ value: type, label: type })),
    ...(byDefault && { byDefault }),
  });
  for (const type of types.filter((each) => !chosen.includes(each))) {
    ask.say(`${type} stays in the configuration as it is; to be rid of it, take its section out by hand.`);
  }
  const wanted: { id: string; factory: WizardFactory }[] = [];
  for (const factory of factories.filter(({ type }) => chosen.includes(type))) {
    const ids = present.filter(({ type }) => type === factory.type).map(({ id }) => id);
    const used = [...taken, ...wanted.map(({ id }) => id)];
    const text = await ask.text({
      key: `patchbay.ids.${factory.type}`,
      message: `Ids for ${factory.type}, one for each that you have, by commas`,
      byDefault: ids.join(', ') || factory.type,
      judge: (answer) => judgeIds(deps, answer, used),
    });
    wanted.push(...idsIn(text).map((id) => ({ id, factory })));
  }
  return wanted;
}

function judgeIds(deps: AskSiteDeps, answer: string, taken: readonly string[]): string | null {
  const ids = idsIn(answer);
  if (ids.length === 0) return 'Give at least one.';
  const twice = ids.find((id, index) => taken.includes(id) || ids.indexOf(id) !== index);
  if (twice) return `${twice} is there twice.`;
  return ids.map(deps.judgeId).find((why) => why !== null) ?? null;
}

function idsIn(text: string): string[] {
  return text
    .split(',')
    .map((id) => id.trim())
    .filter(Boolean);
}

function presentInstances({ present }: AskSiteDeps, kind: WizardFactory['kind']): { id: string; type: string }[] {
  const section = present[`${kind}s`];
  if (typeof section !== 'object' || section === null) return [];
  return Object.entries(section).map(([id, { type }]: [string, { type?: unknown }]) => ({ id, type: String(type) }));
}

function instanceIds(deps: AskSiteDeps, kind: WizardFactory['kind']): string[] {
  return presentInstances(deps, kind).map(({ id }) => id);
}

async function askPublicUrl({ present }: AskSiteDeps, ask: Asker): Promise<string> {
  const server = present.server as { publicUrl?: unknown } | undefined;
  const answer = await ask.text({
    key: 'patchbay.publicUrl',
    message: 'Where dialers and the AI platform reach Patchbay, such as https://patchbay.example.com',
    ...(typeof server?.publicUrl === 'string' && { byDefault: server.publicUrl }),
    judge: (text) =>
      /^https?:\/\/[^\s/]+/.test(text) && URL.canParse(text) ? null : 'Give an address that begins with https://.',
  });
  return answer.replace(/\/+$/, '');
}
