import { startEmptySigmamind } from '../healthy/sigmamind.ts';
import { startWholeSite, type WholeSite } from '../whole-site.ts';
import { enterByTheGuide as enterFive9, firstTouch } from './five9.ts';
import { enterByTheGuide as enterSigmamind } from './sigmamind.ts';
import { enterByTheGuide as enterVicidial } from './vicidial.ts';

/** The headers of the guides, behind the two that Patchbay wants first. */
const headers = [
  { name: 'X-correlation_id', from: 'correlation_id' },
  { name: 'X-lead_id', from: 'lead_id' },
  ...['first_name', 'last_name', 'city', 'state'].map((from) => ({ name: `X-${from}`, from })),
  { name: 'X-phone_number', from: 'phone' },
];

export interface ByTheGuides extends WholeSite {
  /** Those of webhooks, as SigmaMind shows them once. */
  secrets: string[];
}

/** Does what the doctor's fix says: values are taken from its text wherever they stand there. */
export type Fix = (site: ByTheGuides, text: string) => Promise<void>;

/** What a guide says or leaves out, the check that sees it, what the check says, and its fix. */
export type Fault = readonly [says: string, check: string, status: 'fail' | 'warn' | 'unknown', fix: Fix];

/** Both dialers and the platform as somebody has them who did what the vendor's guides say, word for word. */
export async function startByTheGuides(): Promise<ByTheGuides> {
  let publicUrl = '';
  const site = await startWholeSite((options) => {
    publicUrl = options.publicUrl;
    return startEmptySigmamind(options);
  });
  const { vicidial, five9 } = site.raw.dialers;
  if (!vicidial || !five9) throw new Error('two dialers are needed');
  vicidial.headers = headers;
  five9.headers = headers;
  const campaigns = five9.campaigns as Record<string, { script: { name?: string } }>;
  for (const { script } of Object.values(campaigns)) script.name = firstTouch;
  await enterVicidial(site.vicidial);
  enterFive9(site.five9);
  await enterSigmamind(site.sigmamind, publicUrl);
  return { ...site, secrets: [] };
}
