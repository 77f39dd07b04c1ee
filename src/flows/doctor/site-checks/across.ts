import { type Check, type CheckResult, ourInstance } from '../../../domain/connector.ts';
import type { Dialer } from '../../../domain/dialer.ts';
import { ConnectorError, messageOf } from '../../../domain/errors.ts';
import type { DialerSettings } from '../../../domain/settings.ts';
import type {
  AgentView,
  AiRoute,
  DialerView,
  PlatformNumber,
  PlatformView,
  ViewReader,
} from '../../../domain/site-view.ts';
import type { DoctorSite } from '../site.ts';
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

/** What a check across systems is made of. */
export interface AcrossCheck extends Pick<Check, 'id' | 'title' | 'looksAt'> {
  /** Checks of our own. */
  needs?: readonly string[];
  judge(view: SiteView & { active: readonly SiteRoute[] }): CheckResult;
}

/** Makes checks that compare what the systems hold. What they hold is read once for all of them. */
export function createAcross(site: DoctorSite): (spec: AcrossCheck) => Check {
  const dialers = [...site.dialers.values()].map((dialer) => ({ dialer, reader: dialer.view?.() }));
  const platforms = [...site.platforms.values()].map((platform) => ({ id: platform.id, reader: platform.view?.() }));
  const needs = [...dialers.map(({ dialer, reader }) => ({ id: dialer.id, reader })), ...platforms].flatMap(
    ({ id, reader }) => (reader?.needs ?? []).map((need) => (need.includes(':') ? need : `${id}:${need}`)),
  );
  let reading: Promise<SiteView> | undefined;
  const read = () => (reading ??= readAll(dialers, platforms));

  return ({ judge, ...spec }) => ({
    ...spec,
    needs: [...needs, ...(spec.needs ?? []).map((need) => `${ourInstance}:${need}`)],
    async run() {
      if (dialers.length === 0) return ok('not used: no dialer is configured');
      if (platforms.length === 0) return ok('not used: no platform is configured');
      let view: SiteView;
      try {
        view = await read();
      } catch (error) {
        const hint = error instanceof ConnectorError ? error.hint : '';
        return unknown(messageOf(error), 'What the systems hold could not be compared.', hint || 'See its own checks.');
      }
      if (view.routes.length === 0) return ok('not used: no dialer has a way to the AI');
      const active = view.routes.filter(({ isActive }) => isActive);
      if (active.length > 0) return judge({ ...view, active });
      return unknown(
        `no way to the AI is active: ${view.routes.map(nameOf).join('; ')}`,
        'Nothing can be compared before calls are sent on one.',
        'Make the way active in the dialer, and run this again.',
      );
    },
  });
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

async function readAll(
  dialers: readonly { dialer: Dialer; reader: ViewReader<DialerView> | undefined }[],
  platforms: readonly { id: string; reader: ViewReader<PlatformView> | undefined }[],
): Promise<SiteView> {
  const [told, held] = await Promise.all([
    Promise.all(dialers.map(async ({ dialer, reader }) => ({ dialer, view: await readOne(dialer.id, reader) }))),
    Promise.all(platforms.map(async ({ id, reader }) => ({ id, view: await readOne(id, reader) }))),
  ]);
  return {
    routes: told.flatMap(({ dialer, view }) =>
      view.routes.map((route) => ({ ...route, dialer: dialer.id, settings: dialer.settings })),
    ),
    numbers: held.flatMap(({ id, view }) => view.numbers.map((number) => ({ ...number, platform: id }))),
    agents: held.flatMap(({ id, view }) => view.agents.map((agent) => ({ ...agent, platform: id }))),
    platforms: held.map(({ id, view: { concurrency, sipHost } }) => ({ id, concurrency, sipHost })),
  };
}

async function readOne<View>(id: string, reader: ViewReader<View> | undefined): Promise<View> {
  if (!reader) {
    throw new ConnectorError('bad_request', `${id} does not tell what it holds of the way to the AI`, {
      hint: 'Compare numbers, headers and lines by hand.',
    });
  }
  try {
    return await reader.read();
  } catch (error) {
    const details = error instanceof ConnectorError ? { hint: error.hint, cause: error } : { cause: error };
    throw new ConnectorError('dialer_away', `${id}: ${messageOf(error)}`, details);
  }
}
