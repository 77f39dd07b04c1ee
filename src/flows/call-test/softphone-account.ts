import type { Dialer } from '../../domain/dialer.ts';
import { ConnectorError, messageOf } from '../../domain/errors.ts';
import type { SoftphoneAccount } from '../../domain/test-call.ts';
import type { Deps } from '../deps.ts';

/** A way for a softphone to a campaign's agent. */
export interface SoftphoneWay {
  /** Whose account it is: a dialer's or a platform's instance id. */
  owner: string;
  account: SoftphoneAccount;
  /** The number that the agent answers, as E.164; empty when it can't be told. */
  number: string;
}

/** Every account by which a softphone reaches the agent of a campaign, the dialer's own first. */
export async function softphoneWays(
  deps: Pick<Deps, 'dialers' | 'platforms'>,
  { campaign, dialerId }: { campaign: string; dialerId: string | undefined },
): Promise<SoftphoneWay[]> {
  const dialers = dialersFor(deps, dialerId);
  const ways: SoftphoneWay[] = [];
  const faults: string[] = [];
  for (const dialer of dialers) {
    const number = await numberOf(dialer, campaign, faults);
    if (dialer.softphone) {
      try {
        ways.push({ owner: dialer.id, account: dialer.softphone(campaign), number });
      } catch (error) {
        faults.push(`${dialer.id}: ${messageOf(error)}`);
      }
    }
    if (!number) continue;
    for (const platform of deps.platforms.values()) {
      if (platform.softphone) ways.push({ owner: platform.id, account: platform.softphone(number), number });
    }
  }
  if (ways.length > 0) return ways;
  throw new ConnectorError('not_found', `no softphone account is known for the campaign "${campaign}"`, {
    hint: faults.join('; ') || 'No dialer or platform that is configured has accounts for softphones.',
  });
}

function dialersFor({ dialers }: Pick<Deps, 'dialers'>, id: string | undefined): Dialer[] {
  if (id === undefined) return [...dialers.values()];
  const dialer = dialers.get(id);
  if (dialer) return [dialer];
  const hint = `There are: ${[...dialers.keys()].join(', ')}.`;
  throw new ConnectorError('not_found', `there is no dialer "${id}"`, { hint });
}

async function numberOf(dialer: Dialer, campaign: string, faults: string[]): Promise<string> {
  try {
    const routes = (await dialer.view?.().read())?.routes ?? [];
    const own = routes.filter((route) => route.campaign === campaign && route.number);
    return (own.find(({ isActive }) => isActive) ?? own[0])?.number ?? '';
  } catch (error) {
    faults.push(`${dialer.id}: ${messageOf(error)}`);
    return '';
  }
}
