import type { NamedCheck } from '../../domain/check-order.ts';
import { namedChecks } from '../../domain/check-order.ts';
import { type Check, ourInstance } from '../../domain/connector.ts';
import type { Dialer } from '../../domain/dialer.ts';
import type { GuideEntry } from '../../domain/guide.ts';
import type { Platform } from '../../domain/platform.ts';
import type { CalledCampaign, StoreState } from '../../store/look-at-store.ts';
import type { AlertChannel } from '../alerts/channel.ts';
import { createAcross } from './site-checks/across.ts';
import { alertChannelChecks } from './site-checks/alert-channels.ts';
import { callFlowChecks } from './site-checks/call-flow.ts';
import { campaignChecks } from './site-checks/campaigns.ts';
import { ownTlsChecks } from './site-checks/own-tls.ts';
import { publicUrlChecks } from './site-checks/public-url.ts';
import { serviceChecks } from './site-checks/service.ts';

/** What the doctor knows of a site. Nothing of it needs the service to run, or the store to be there. */
export interface DoctorSite {
  dialers: ReadonlyMap<string, Dialer>;
  platforms: ReadonlyMap<string, Platform>;
  /** Entries of the published guides, by the instance that they are about. */
  guides: ReadonlyMap<string, readonly GuideEntry[]>;
  configuration: {
    file: string;
    /** What can be used as it is, but is hardly meant; without what other checks see. */
    warnings: readonly string[];
  };
  /** Where dialers and platforms reach the service, without a slash at the end. */
  publicUrl: string;
  /** Where it listens, seen from this machine; empty when that is not known before it runs. */
  listenUrl: string;
  /** The files with which the service speaks TLS by itself; null when it does not. */
  tls: { certFile: string; keyFile: string } | null;
  /** `calledCampaigns`: of the last days; only where the store is ready. */
  store: { name: string; look(): Promise<StoreState>; calledCampaigns(): Promise<readonly CalledCampaign[]> };
  spoolFolder: string;
  clients: Readonly<Record<string, { may: readonly string[] }>>;
  /** Where alerts go. (Default: nowhere) */
  alertChannels?: ReadonlyMap<string, AlertChannel>;
  /** Every outcome code of the site. */
  outcomeCodes: readonly string[];
  /** Hosts of the configuration's URLs that are not this machine. */
  outsideHosts: readonly string[];
  /** More certificates to trust, as PEM. (Default: those of the system) */
  trusted?: string;
}

/** Every check of a site, made anew for one run: those of its dialers and platforms, and those across them. */
export function allChecks(site: DoctorSite): NamedCheck[] {
  const ours = { id: ourInstance, checks: () => siteChecks(site) };
  return namedChecks([...site.dialers.values(), ...site.platforms.values(), ours]);
}

function siteChecks(site: DoctorSite): Check[] {
  return [
    ...serviceChecks(site),
    ...ownTlsChecks(site),
    ...publicUrlChecks(site),
    ...alertChannelChecks(site),
    ...campaignChecks(site),
    ...callFlowChecks(site, createAcross(site)),
  ];
}
