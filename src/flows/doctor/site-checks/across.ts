import { isLost } from '../../../domain/check-order.ts';
import { type Check, type CheckResult, ourInstance } from '../../../domain/connector.ts';
import type { DialerSettings } from '../../../domain/settings.ts';
import type { AgentView, AiRoute, PlatformNumber, PlatformView, ViewReader } from '../../../domain/site-view.ts';
import type { DoctorSite } from '../site.ts';
import { createDialerPart, globalNeeds, readView, unreadable, untold, withAway } from './dialer-part.ts';
import { ok, unknown } from './results.ts';

/** A way to the AI, with the dialer that it begins at. */
export interface SiteRoute extends AiRoute {
  dialer: string;
  settings: DialerSettings;
}

/** Everything that dialers and platforms hold of the way of a call. */
export interface SiteView {
  routes: readonly SiteRoute[];
  numbers: readonly (PlatformNumber & { platform: string })[];
  agents: readonly (AgentView & { platform: string })[];
  platforms: readonly { id: string; concurrency: number | null; sipHost: string }[];
}

type HeldByPlatforms = Omit<SiteView, 'routes'>;

/** What a check across systems is made of. */
export interface AcrossCheck extends Pick<Check, 'id' | 'title' | 'looksAt'> {
  /** Checks across systems that have to be right before. */
  needs?: readonly string[];
  /** It compares the dialers with the configuration: what platforms hold is neither waited for nor read. */
  isOfDialers?: boolean;
  judge(view: SiteView & { active: readonly SiteRoute[] }): CheckResult;
}

/**
 * Makes checks that compare what the systems hold. What they hold is read once for all of them. With one of several dialers
 * away they tell of the others what is wrong there; they are never ok then.
 */
export function createAcross(site: DoctorSite): (spec: AcrossCheck) => Check {
  const dialers = [...site.dialers.values()].map((dialer) => createDialerPart(dialer));
  const platforms = [...site.platforms.values()].map((platform) => ({ id: platform.id, reader: platform.view?.() }));
  const needs = platforms.flatMap(({ id, reader }) => globalNeeds(id, reader));
  let reading: ReturnType<typeof readPlatforms> | undefined;
  const readHeld = () => (reading ??= readPlatforms(platforms));
  /** Ids of those that could not be told for nothing but a dialer that is away: what needs them tells of the others, too. */
  const inPart = new Set<string>();

  return ({ judge, needs: own = [], isOfDialers = false, ...spec }) => ({
    ...spec,
    needs: isOfDialers ? [] : needs,
    after: [...dialers.flatMap(({ needs }) => needs), ...own],
    async run(seen = () => undefined) {
      if (dialers.length === 0) return ok('not used: no dialer is configured');
      if (platforms.length === 0) return ok('not used: no platform is configured');
      const lost = own.flatMap((id) => (inPart.has(id) ? [] : (seen(`${ourInstance}:${id}`) ?? []))).filter(isLost);
      if (lost.length > 0) return untold(lost, seen);

      const told = await Promise.all(dialers.map((dialer) => dialer.tell(seen)));
      const routes = told.flatMap((each) => (each.kind === 'routes' ? each.routes : []));
      const away = told.flatMap((each) => (each.kind === 'away' ? each : []));
      if (away.length === told.length) return withAway(undefined, away);
      const held = isOfDialers ? { numbers: [], agents: [], platforms: [] } : await readHeld();
      if ('status' in held) return held;
      const result = judgeRoutes({ ...held, routes }, judge);
      if (away.length > 0 && result.status === 'ok') inPart.add(spec.id);
      return away.length > 0 ? withAway(result, away) : result;
    },
  });
}

function judgeRoutes(view: SiteView, judge: AcrossCheck['judge']): CheckResult {
  if (view.routes.length === 0) return ok('not used: no dialer has a way to the AI');
  const active = view.routes.filter(({ isActive }) => isActive);
  if (active.length > 0) return judge({ ...view, active });
  return unknown(
    `no way to the AI is active: ${view.routes.map(nameOf).join('; ')}`,
    'Nothing can be compared before calls are sent on one.',
    'Make the way active in the dialer, and run this again.',
  );
}

/** `vicidial SPRING (remote agent 5565, External Extension)`. */
export function nameOf({ dialer, campaign, where }: SiteRoute): string {
  return `${dialer} ${campaign} (${where})`;
}

/** What the platforms hold of the number that a way leads to; undefined when none has it. */
export function numberOf(route: SiteRoute, view: SiteView): SiteView['numbers'][number] | undefined {
  const same = view.numbers.filter(({ number }) => number === route.number);
  return same.find(({ isActive }) => isActive) ?? same[0];
}

/** The agent that answers a way; undefined when none does. */
export function agentOf(route: SiteRoute, view: SiteView): SiteView['agents'][number] | undefined {
  const number = numberOf(route, view);
  return view.agents.find(({ platform, agentId }) => platform === number?.platform && agentId === number.agentId);
}

/** What the platforms hold; why it can't be told, where one does not let us read it. */
async function readPlatforms(
  platforms: readonly { id: string; reader: ViewReader<PlatformView> | undefined }[],
): Promise<HeldByPlatforms | CheckResult> {
  const views = await Promise.all(
    platforms.map(async ({ id, reader }) => {
      try {
        return { id, view: await readView(id, reader) };
      } catch (error) {
        return unreadable(id, error);
      }
    }),
  );
  const failed = views.find((view) => 'status' in view);
  if (failed) return failed;
  const held = views.flatMap((view) => ('view' in view ? view : []));
  return {
    numbers: held.flatMap(({ id, view }) => view.numbers.map((number) => ({ ...number, platform: id }))),
    agents: held.flatMap(({ id, view }) => view.agents.map((agent) => ({ ...agent, platform: id }))),
    platforms: held.map(({ id, view: { concurrency, sipHost } }) => ({ id, concurrency, sipHost })),
  };
}
