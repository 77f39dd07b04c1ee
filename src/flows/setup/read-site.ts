import type { Dialer } from '../../domain/dialer.ts';
import type { Platform } from '../../domain/platform.ts';
import type { AiRoute, DialerView, PlatformView, ViewReader } from '../../domain/site-view.ts';
import { reasonOf } from './plan-steps.ts';

/** What can be said of the site for somebody who sets it up. Each table has its heading first. */
export interface SitePicture {
  instances: readonly (readonly string[])[];
  ways: readonly (readonly string[])[];
  /** What could not be read, and why. */
  gaps: readonly string[];
}

export interface SiteMembers {
  dialers: readonly Dialer[];
  platforms: readonly Platform[];
}

/** Reads the ways from campaigns to agents, as far as the systems can be reached within this time. */
export async function readSite({ dialers, platforms }: SiteMembers, limitMs: number): Promise<SitePicture> {
  const gaps: string[] = [];
  const read = async <View>(id: string, reader: ViewReader<View> | undefined): Promise<View | null> => {
    if (!reader) return null;
    try {
      return await within(reader.read(), limitMs);
    } catch (error) {
      gaps.push(`${id} could not be looked at: ${reasonOf(error)}`);
      return null;
    }
  };
  const [ofDialers, ofPlatforms] = await Promise.all([
    Promise.all(dialers.map((dialer) => read<DialerView>(dialer.id, dialer.view?.()))),
    Promise.all(platforms.map((platform) => read<PlatformView>(platform.id, platform.view?.()))),
  ]);
  const ways = dialers.flatMap((dialer, index) => {
    const routes = ofDialers[index]?.routes ?? [];
    const missing = Object.keys(dialer.settings.campaigns).filter(
      (campaign) => campaign !== '*' && !routes.some((route) => route.campaign === campaign),
    );
    return [
      ...routes.map((route) => wayOf(dialer.id, route, platforms, ofPlatforms)),
      ...missing.map((campaign) => [dialer.id, campaign, 'no way yet', '', '', '']),
    ];
  });
  return {
    instances: [
      ['Id', 'Type', 'Campaigns'],
      ...platforms.map(({ id, type }) => [id, type, '']),
      ...dialers.map(({ id, type, settings }) => [id, type, Object.keys(settings.campaigns).join(', ')]),
    ],
    ways: [['Dialer', 'Campaign', 'Where', 'Number', 'Agent', 'Calls at once'], ...ways],
    gaps,
  };
}

function wayOf(
  dialer: string,
  route: AiRoute,
  platforms: readonly Platform[],
  views: readonly (PlatformView | null)[],
): string[] {
  const agents = platforms.flatMap(({ id }, index) => {
    const view = views[index];
    const number = view?.numbers.find((each) => each.number === route.number);
    const agent = view?.agents.find(({ agentId }) => agentId === number?.agentId);
    return agent ? [`${agent.name || agent.agentId} (${id})`] : [];
  });
  return [dialer, route.campaign, route.where, route.number, agents.join(', '), String(route.lines ?? '')];
}

async function within<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs / 1000} s`)), limitMs);
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
