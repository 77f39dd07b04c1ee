import { z } from 'zod';
import type { CallOptions, Five9Api } from '../soap/api.ts';

/** How the calls of a campaign come to an IVR script. */
export interface CampaignWay {
  /** Name of the script; empty when none runs. */
  script: string;
  /** Why none runs; empty when one does. */
  why: string;
  /** The AI's side sees the customer's number as the caller; null where the campaign does not tell, or places no calls. */
  showsCustomer: boolean | null;
  /** An agent dials each call, or has it before any script. */
  isPreview: boolean;
  /** How long an answered call waits for an agent before the script, in seconds; null where none waits, or it is not told. */
  waitSec: number | null;
  /** How machines are told from people; empty where it is not told. */
  analysis: string;
  /** Answering machines are sent to this script; empty when to none. */
  machineScript: string;
  /** Most calls at once; null where the campaign has no such number. */
  lines: number | null;
  /** It dials only while agents are free. */
  waitsForAgents: boolean;
}

const text = z.preprocess((value) => (typeof value === 'string' ? value : ''), z.string());
const maybe = z.preprocess(
  (value) => (value == null ? null : value === true || value === 'true'),
  z.boolean().nullable(),
);
/** A child that may be missing, or come as a list of one. */
const part = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (Array.isArray(value) ? value[0] : value) ?? {}, item);

const Schedule = part(z.object({ scriptName: text }));
const amount = z.preprocess((value) => (value == null || value === '' ? null : Number(value)), z.number().nullable());
const Action = part(z.object({ actionType: text, actionArgument: text }));
const Timer = part(z.object({ days: amount, hours: amount, minutes: amount, seconds: amount }));
const Outbound = z.object({
  dnisAsAni: maybe,
  dialingMode: text,
  callAnalysisMode: text,
  actionOnAnswerMachine: Action,
  actionOnQueueExpiration: Action,
  maxQueueTime: Timer,
  useTelemarketingMaxQueTimeEq1: maybe,
});
const Autodial = z.object({
  dnisAsAni: maybe,
  defaultIvrSchedule: Schedule,
  dialIfAgentsAvailable: maybe,
  maxNumOfLines: amount,
});
const Inbound = z.object({ defaultIvrSchedule: part(z.object({ ivrSchedule: Schedule })) });

const options: CallOptions = { purpose: 'interactive' };
const notScheduled = 'its IVR schedule has no script';

/**
 * Asks how the calls of a campaign come to a script. An outbound campaign takes its calls there only when no agent was
 * free in time; that machines may be sent there as well is left out.
 *
 * @param type OUTBOUND, AUTODIAL or INBOUND
 */
export async function campaignWay({ call }: Pick<Five9Api, 'call'>, name: string, type: string): Promise<CampaignWay> {
  const args = { campaignName: name };
  if (type === 'INBOUND') {
    const { defaultIvrSchedule } = await call('getInboundCampaign', args, Inbound, options);
    return wayOf(defaultIvrSchedule.ivrSchedule.scriptName, notScheduled, {});
  }
  if (type === 'AUTODIAL') {
    const found = await call('getAutodialCampaign', args, Autodial, options);
    return wayOf(found.defaultIvrSchedule.scriptName, notScheduled, {
      showsCustomer: found.dnisAsAni,
      lines: found.maxNumOfLines,
      waitsForAgents: found.dialIfAgentsAvailable === true,
    });
  }
  const found = await call('getOutboundCampaign', args, Outbound, options);
  const { actionOnQueueExpiration: expiry, actionOnAnswerMachine: machine } = found;
  const more = {
    showsCustomer: found.dnisAsAni,
    isPreview: found.dialingMode === 'PREVIEW',
    waitSec: found.useTelemarketingMaxQueTimeEq1 ? 1 : secondsOf(found.maxQueueTime),
    analysis: found.callAnalysisMode,
    machineScript: machine.actionType === startsScript ? machine.actionArgument : '',
  };
  if (more.isPreview) return wayOf('', 'in preview mode an agent has every call', more);
  const script = expiry.actionType === startsScript ? expiry.actionArgument : '';
  return wayOf(script, `on queue expiration it does ${expiry.actionType || 'nothing'}`, more);
}

const startsScript = 'START_IVR_SCRIPT';

function secondsOf({ days, hours, minutes, seconds }: z.infer<typeof Timer>): number | null {
  if (seconds === null) return null;
  return ((days ?? 0) * 24 + (hours ?? 0)) * 3600 + (minutes ?? 0) * 60 + seconds;
}

/** The numbers that reach an inbound campaign. */
export function numbersOf({ call }: Pick<Five9Api, 'call'>, campaignName: string): Promise<string[]> {
  return call('getCampaignDNISList', { campaignName }, Numbers, options);
}

const Numbers = z.preprocess((value) => (Array.isArray(value) ? value : value == null ? [] : [value]), z.array(text));

const usual = {
  ...{ showsCustomer: null, isPreview: false, waitSec: null },
  ...{ analysis: '', machineScript: '', lines: null, waitsForAgents: false },
};

function wayOf(script: string, why: string, more: Partial<CampaignWay>): CampaignWay {
  return { ...usual, ...more, script, why: script ? '' : why };
}
