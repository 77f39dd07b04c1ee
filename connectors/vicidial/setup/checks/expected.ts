import type { VicidialConfig } from '../../config.ts';
import { extensionOf } from '../carrier-config.ts';
import { calledNumber } from '../dialplan/called-number.ts';
import type { AgentRow } from '../site-tables/rows.ts';
import type { Entry } from '../site-tables/site-carriers.ts';

/** The number that the AI answers for a campaign, as it is configured; empty when it is not. */
export function expectedNumber({ campaigns, carrier }: VicidialConfig, campaign: string): string {
  return campaigns[campaign]?.number ?? campaigns['*']?.number ?? carrier.number ?? '';
}

/** What the remote agent's extension should be; words where the number is not configured. */
export function expectedExtension(config: VicidialConfig, campaign: string): string {
  const number = expectedNumber(config, campaign);
  return number
    ? extensionOf(config.carrier.prefix, number)
    : `${config.carrier.prefix} and the number that the AI answers`;
}

export function digitsOf(number: string): string {
  return number.replace(/\D/g, '');
}

/** What the carrier's entry makes of the extension: the number that the platform sees. */
export function numberOf({ conf_exten }: Pick<AgentRow, 'conf_exten'>, { facts }: Entry): string {
  return `+${calledNumber(facts.dials[0]?.user ?? '', digitsOf(conf_exten)) ?? ''}`;
}
