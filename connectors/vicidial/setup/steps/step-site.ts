import { ConnectorError } from '../../../../src/domain/errors.ts';
import type { JsonFields, SetupRun } from '../../../../src/domain/setup.ts';
import { createApi, type UsableAnswer, type VicidialApi } from '../../api/api.ts';
import { findLine, wordsOf } from '../../api/api-answer.ts';
import type { ApiFunctionName } from '../../api/functions.ts';
import { readSiteSetUp, type SiteSetUp } from '../../tables/site-set-up.ts';
import type { Vicidial } from '../../vicidial.ts';
import type { Site } from '../snippets/site.ts';

/** What every step of the set-up works with. */
export interface StepSite {
  vicidial: Vicidial;
  /** With the log-in for set-up, where there is one. */
  api: Pick<VicidialApi, 'call'>;
  /** The user of that log-in. */
  apiUser: string;
  /** For a description: what VICIdial holds, read a moment ago; null when that can't be read, whatever the reason. */
  seen(): Promise<SiteSetUp | null>;
  /** For a plan: as it is now; null where no database is configured. */
  read(): Promise<SiteSetUp | null>;
  close(): void;
}

/** One runbook asks for it once. */
const seenForMs = 10_000;

export function createStepSite(vicidial: Vicidial): StepSite {
  const { config, database, deps } = vicidial;
  const { setupUser, setupPass } = config.api;
  const own =
    setupUser && setupPass
      ? createApi(
          { ...config.api, user: setupUser, pass: setupPass },
          // Set-up runs now and then: what the guard remembers within one run is enough.
          { clock: deps.clock, memory: { read: async () => '', write: async () => undefined }, who: setupUser },
        )
      : null;
  const read = async () => (database ? readSiteSetUp(database) : null);
  let last: { at: number; seen: Promise<SiteSetUp | null> } | null = null;
  return {
    vicidial,
    api: own ?? vicidial.api,
    apiUser: own ? (setupUser ?? '') : config.api.user,
    seen() {
      const now = deps.clock.now();
      if (!last || now - last.at > seenForMs) last = { at: now, seen: read().catch(() => null) };
      return last.seen;
    },
    read,
    close: () => own?.close(),
  };
}

/** What the generated texts are made from. */
export async function snippetSite({ vicidial, seen }: StepSite): Promise<Site> {
  const { id, config, deps } = vicidial;
  return { id, config, publicUrl: deps.publicUrl, found: await seen() };
}

/** First releases of what set-up calls, for whoever has an older one. */
const cameIn: Partial<Record<ApiFunctionName, string>> = {
  update_campaign: 'June 2016',
  add_user: '2011',
  update_remote_agent: 'July 2024',
  update_list: 'March 2011',
  server_refresh: 'February 2014',
};

/**
 * Whether the log-in may call a function, found out by a call that names nothing to change: VICIdial looks at the rights
 * first. Empty when it may; else why not, and what gives it the right.
 */
export async function whyNot({ api, apiUser }: StepSite, name: ApiFunctionName): Promise<string> {
  try {
    const answer = await api.call(name, {});
    return answer.kind === 'noFunction' ? lacking(name) : '';
  } catch (thrown) {
    if (thrown instanceof ConnectorError && thrown.code === 'dialer_denied') {
      return `${apiUser} may not call ${name}. ${thrown.hint} Or name an admin's log-in in api.setupUser.`;
    }
    throw thrown;
  }
}

/** Calls a function that changes something, and throws when VICIdial did not say that it did, or that it was so already. */
export async function change(
  { api }: Pick<StepSite, 'api'>,
  name: ApiFunctionName,
  parameters: Readonly<Record<string, string>>,
): Promise<UsableAnswer> {
  const answer = await api.call(name, parameters);
  if (answer.kind === 'noFunction') throw new ConnectorError('dialer_refused', lacking(name));
  if (findLine(answer, 'success') || findLine(answer, 'notice', 'IS ALREADY')) return answer;
  throw new ConnectorError('dialer_refused', `VICIdial answered ${name}: ${wordsOf(answer)}`, {
    hint: 'Make the change by hand, as the runbook says it.',
  });
}

/** Notes the change before it is made, and forgets it again when VICIdial refused it. */
export async function noted(
  run: SetupRun,
  what: string,
  undoData: JsonFields,
  act: () => Promise<unknown>,
): Promise<void> {
  const begun = await run.begin(what, undoData);
  try {
    await act();
  } catch (thrown) {
    if (thrown instanceof ConnectorError && !thrown.inDoubt) await begun.dropped();
    throw thrown;
  }
  await begun.made();
}

function lacking(name: ApiFunctionName): string {
  return `this release of VICIdial has no ${name}: it came in ${cameIn[name] ?? 'a later one'}; do it by hand`;
}
