import { hash } from 'node:crypto';
import type { AlertsConfig } from '../config/alerts.ts';
import type { GateConfig } from '../config/gate.ts';
import type { PatchbayConfig } from '../config/schema.ts';
import { systemClock } from './clock.ts';
import type { ConsoleSettings } from './console/console-deps.ts';
import type { Dialer } from './domain/dialer.ts';
import type { GateSettings } from './domain/gate.ts';
import { mappingOf, type NamedMapping } from './domain/mapping.ts';
import { outcomeCodes } from './domain/outcome-codes.ts';
import { regionHours } from './domain/places/region-hours.ts';
import type { PlanRules } from './domain/plan-write-backs.ts';
import { weekHours } from './domain/week-hours.ts';
import type { AlertChannel } from './flows/alerts/channel.ts';
import { createChannels } from './flows/alerts/create-channels.ts';
import type { AlertSettings, FlowSettings } from './flows/deps.ts';

/** The rules follow the dialers that were made: what each can be told is known by then. */
export function planRules(config: PatchbayConfig, dialers: ReadonlyMap<string, Dialer>): PlanRules {
  return {
    dialers: Object.fromEntries(
      [...dialers].map(([id, { aspects, settings }]) => [id, { aspects, campaigns: settings.campaigns }]),
    ),
    technicalEndWaitSec: config.outcomes.technicalEndWaitSec,
    humanWaitSec: config.outcomes.humanWaitSec,
    handOverOutcomes: config.outcomes.handOver,
    sharedNumberLeads: config.optOuts.sharedNumberLeads,
    shadowOptOuts: config.controls.shadowOptOuts,
  };
}

/** What calls end in at their dialers, under a name that follows from the content. */
export function namedMapping({ dialers }: Pick<PatchbayConfig, 'dialers'>): NamedMapping {
  const mapping = mappingOf(dialers);
  return { mapping, version: hash('sha256', JSON.stringify(mapping)).slice(0, 12) };
}

/** The part of the configuration that flows work by. */
export function flowSettings(config: PatchbayConfig): FlowSettings {
  return {
    outcomeCodes: [...outcomeCodes, ...config.outcomes.extra],
    handOverOutcomes: config.outcomes.handOver,
    idHours: config.calls.idHours,
    contextWindowMinutes: config.calls.contextWindowMinutes,
    outbox: {
      leaseMs: config.outbox.leaseSec * 1000,
      maxAttempts: config.outbox.maxAttempts,
      firstBackoffMs: config.outbox.backoff.firstMs,
      maxBackoffMs: config.outbox.backoff.maxMs,
      outageMs: config.outbox.outageHours * 3_600_000,
      breakerFailures: config.outbox.breaker.failures,
      breakerWaitMs: config.outbox.breaker.waitMs,
    },
    gate: gateSettings(config.gate),
    autopilot: config.autopilot,
    tools: config.tools,
    keepsTranscripts: config.transcripts.keep,
    optOuts: {
      targetSec: config.optOuts.targetSec,
      alarmHours: config.optOuts.alarmHours,
      legalBusinessDays: config.optOuts.legalBusinessDays,
      holidays: new Set(config.optOuts.holidays),
      timeZone: config.optOuts.timeZone,
    },
    controls: config.controls,
    evidenceYears: config.evidence.keepYears,
    console: {
      timeZone: config.console.timeZone,
      score: { ...config.console.scorecard, costs: config.console.costs },
    },
    reconcile: config.reconcile,
    alerts: alertSettings(config.alerts, config.console.timeZone),
    drill: {
      ignoresIdempotency: config.drill?.ignoreIdempotency ?? false,
      dropsCommitOfCall: config.drill?.dropCommittedFact ?? 0,
    },
  };
}

/** Where alerts go. Nothing is connected before something is sent. */
export function alertChannels({
  alerts,
  console,
  server,
}: Pick<PatchbayConfig, 'alerts' | 'console' | 'server'>): ReadonlyMap<string, AlertChannel> {
  const { timeZone } = console;
  return createChannels(alerts.channels, { wallClock: systemClock, publicUrl: server.publicUrl, timeZone });
}

/** The part of it that the console works by. */
export function consoleSettings({ console, server }: PatchbayConfig, version: string): ConsoleSettings {
  const { timeZone, users, session, lockOut, oidc } = console;
  return { timeZone, users, session, lockOut, oidc: oidc ?? null, publicUrl: server.publicUrl, version };
}

function alertSettings(alerts: AlertsConfig, consoleZone: string): AlertSettings {
  const channels = Object.keys(alerts.channels);
  const { rules, kinds, quietHours, groupSec, repeatHours, escalate, digest, limits, doctorHours } = alerts;
  const quiet = quietHours && {
    fromMinute: minuteOf(quietHours.from),
    untilMinute: minuteOf(quietHours.to),
    timeZone: quietHours.timeZone,
  };
  return {
    rules: {
      ...{ channels, kinds, routes: rules, groupSec, repeatHours },
      quiet: quiet ?? null,
      escalate: escalate ?? null,
    },
    limits,
    digest: digest
      ? {
          minute: minuteOf(digest.at),
          timeZone: digest.timeZone ?? consoleZone,
          to: digest.to.length > 0 ? digest.to : channels,
        }
      : null,
    doctorHours,
  };
}

/** Of `08:30`: since midnight. */
function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function gateSettings({ hours, scrub, routes, capacity }: GateConfig): GateSettings {
  const standard = weekHours(hours.standard);
  const own = Object.entries(hours.regions).map(([region, text]) => [
    region,
    text === 'standard' ? standard : weekHours(text),
  ]);
  return {
    hours: {
      standard,
      regions: { ...regionHours, ...Object.fromEntries(own) },
      holidays: new Set(hours.holidays),
      zonesIfUnknown: hours.zonesIfUnknown,
    },
    isHoursChecked: hours.enabled,
    consent: null,
    isScrubbed: scrub !== undefined,
    capacity,
    routes,
  };
}
