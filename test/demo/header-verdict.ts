import type { HeaderRequest } from '../simulators/vicidial/header-requests.ts';
import type { PastOutage } from './outages.ts';

/** What the connector promises for its own work, and what the carrier's entry waits for. */
export const budgetMs = 300;
export const deadlineMs = 800;

export interface HeaderVerdict {
  headerRequests: number;
  /** Asked while VICIdial's database was dead or hanging. */
  headersWithoutDatabase: number;
  headerMaxMs: number;
  headerP99Ms: number;
  /** Over the connector's own budget, the way there and back included: the machine's business, told for judgement. */
  headersOverBudget: number;
  /** The channel had given up: this must not happen. */
  headersLate: number;
  /** Answered in time, but with nothing. */
  headersEmpty: number;
  findings: string[];
}

/** Judges how long the channels of the simulated Asterisk waited for their headers. */
export function judgeHeaders(requests: readonly HeaderRequest[], outages: readonly PastOutage[]): HeaderVerdict {
  const times = requests.map(({ ms }) => ms).sort((a, b) => a - b);
  const isLate = ({ ms }: HeaderRequest) => ms >= deadlineMs;
  const away = outages.filter(({ what }) => what === 'database');
  return {
    headerRequests: times.length,
    headersWithoutDatabase: requests.filter(({ at }) => away.some(({ from, to }) => at >= from && at <= to)).length,
    headerMaxMs: times.at(-1) ?? 0,
    headerP99Ms: times[Math.max(0, Math.ceil(times.length * 0.99) - 1)] ?? 0,
    headersOverBudget: times.filter((ms) => ms > budgetMs).length,
    headersLate: requests.filter(isLate).length,
    findings: requests.filter((request) => isLate(request) || request.headers === 0).map(tellOf),
    headersEmpty: requests.filter((request) => request.headers === 0 && !isLate(request)).length,
  };
}

function tellOf({ at, code, by, ms, stallMs, headers }: HeaderRequest): string {
  return `${code} waited ${ms} ms for ${headers} headers by ${by} at ${at}; the witness itself stood still for ${stallMs} ms`;
}
