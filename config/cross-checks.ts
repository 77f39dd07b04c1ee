import type { z } from 'zod';
import { outcomeCodes } from '../src/domain/outcome-codes.ts';
import { checkCode, checkMarkedCodes } from './outcome-code-checks.ts';
import { checkUrls } from './url-checks.ts';

/** Ids name instances in URLs, tables and logs; `patchbay` stands for ourselves. */
export const instanceIdPattern = /^[a-z][a-z0-9-]{0,30}$/;

export type Path = readonly (string | number)[];
export type Report = (path: Path, message: string, fix: string) => void;

/**
 * What one key can't know of another. Runs also when other parts of the configuration have faults, so it takes nothing
 * for granted about the shape.
 */
export function crossCheck(config: unknown, context: z.core.$RefinementCtx, schema: z.core.$ZodType): void {
  const report: Report = (path, message, fix) =>
    context.addIssue({ code: 'custom', path: [...path], message, params: { fix } });
  const dialers = entries(config, 'dialers');
  const codes = [...outcomeCodes, ...texts(config, 'outcomes', 'extra')];

  checkMarkedCodes(config, schema, report);
  checkUrls(config, report);
  checkIds(dialers, entries(config, 'platforms'), report);
  for (const [id, platform] of entries(config, 'platforms'))
    checkKeepFree(['platforms', id, 'keepFree'], platform, report);
  checkClients(config, dialers.length, report);
  checkOidc(at(config, 'console', 'oidc'), report);
  for (const [index, code] of texts(config, 'outcomes', 'handOver').entries()) {
    checkCode(['outcomes', 'handOver', index], code, codes, report);
  }
  for (const part of ['qualified', 'noContact']) {
    for (const [index, code] of texts(config, 'console', 'scorecard', part).entries()) {
      checkCode(['console', 'scorecard', part, index], code, codes, report);
    }
  }
  for (const [id, dialer] of dialers) {
    checkHeaders(['dialers', id, 'headers'], at(dialer, 'headers'), report);
    for (const [campaign, settings] of entries(dialer, 'campaigns')) {
      const path = ['dialers', id, 'campaigns', campaign];
      for (const part of ['dispositions', 'routes']) {
        for (const [code] of entries(settings, part)) checkCode([...path, part, code], code, codes, report);
      }
      checkPlatform([...path, 'platform'], at(settings, 'platform'), entries(config, 'platforms'), report);
      checkMirror([...path, 'mirror', 'dialer'], id, at(settings, 'mirror', 'dialer'), dialers, report);
      if (at(settings, 'gate', 'scrub') === true && at(config, 'gate', 'scrub') === undefined) {
        const fix = 'Configure gate.scrub, or leave this out.';
        report([...path, 'gate', 'scrub'], 'asks for a scrub service that is not configured', fix);
      }
    }
  }
}

function checkIds(
  dialers: readonly [string, unknown][],
  platforms: readonly [string, unknown][],
  report: Report,
): void {
  const ids = new Set(dialers.map(([id]) => id));
  for (const [section, instances] of [
    ['dialers', dialers],
    ['platforms', platforms],
  ] as const) {
    for (const [id] of instances) {
      const path = [section, id];
      if (id === 'patchbay') report(path, 'is an id that Patchbay keeps for itself', 'Choose another id.');
      else if (!instanceIdPattern.test(id)) {
        report(
          path,
          'can not be an id',
          'Begin with a lower-case letter; then up to 30 lower-case letters, digits or -.',
        );
      } else if (section === 'platforms' && ids.has(id)) {
        report(path, 'is also the id of a dialer', 'Give the platform an id of its own.');
      }
    }
  }
}

function checkClients(config: unknown, dialerCount: number, report: Report): void {
  if (dialerCount === 0) return;
  const isServed = entries(config, 'clients').some(([, client]) => texts(client, 'may').includes('dialer'));
  if (isServed) return;
  report(
    ['clients'],
    'has no client for the dialers',
    "Add one with may: [dialer] and the SHA-256 of its key, or the dialers' scripts can not call the API.",
  );
}

function checkOidc(oidc: unknown, report: Report): void {
  if (oidc === undefined) return;
  const path = ['console', 'oidc'];
  if (entries(oidc, 'roles').length === 0) {
    report([...path, 'roles'], 'gives nobody a role', 'Add a value of the role claim, and viewer, operator or admin.');
  }
  const { issuer, scopes } = oidc as { issuer?: unknown; scopes?: unknown };
  if (typeof issuer === 'string' && /^http:/i.test(issuer) && !isLoopback(issuer)) {
    report([...path, 'issuer'], 'is not encrypted', 'Use https://; http:// is for a provider on this machine alone.');
  }
  if (typeof scopes === 'string' && !scopes.split(/\s+/).includes('openid')) {
    report([...path, 'scopes'], 'asks for no identity', 'Add openid.');
  }
}

function isLoopback(url: string): boolean {
  return URL.canParse(url) && /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/.test(new URL(url).hostname);
}

/** SIP compares header names without case. */
function checkHeaders(path: Path, headers: unknown, report: Report): void {
  if (!Array.isArray(headers)) return;
  const seen = new Set<string>();
  for (const [index, header] of headers.entries()) {
    const name = at(header, 'name');
    if (typeof name !== 'string') continue;
    if (seen.has(name.toLowerCase())) {
      report(
        [...path, index, 'name'],
        'is there twice',
        'Give each header of a dialer another name, or leave one out.',
      );
    }
    seen.add(name.toLowerCase());
  }
}

function checkKeepFree(path: Path, platform: unknown, report: Report): void {
  const [concurrency, keepFree] = [at(platform, 'concurrency'), at(platform, 'keepFree')];
  if (typeof concurrency !== 'number' || typeof keepFree !== 'number' || keepFree < concurrency) return;
  report(path, 'leaves scripts no slot at all', 'Make it less than concurrency, or have that raised.');
}

function checkPlatform(path: Path, named: unknown, platforms: readonly [string, unknown][], report: Report): void {
  const ids = platforms.map(([id]) => id);
  if (typeof named !== 'string' || ids.includes(named)) return;
  const fix = ids.length > 0 ? `Use one of ${ids.join(', ')}, or leave it out.` : 'Leave it out: there is no platform.';
  report(path, 'is not a configured platform', fix);
}

function checkMirror(
  path: Path,
  id: string,
  other: unknown,
  dialers: readonly [string, unknown][],
  report: Report,
): void {
  if (typeof other !== 'string') return;
  const others = dialers.map(([name]) => name).filter((name) => name !== id);
  if (others.includes(other)) return;
  const fix =
    others.length > 0
      ? `Use one of ${others.join(', ')}, or remove mirror.`
      : 'Remove mirror: there is no other dialer.';
  report(path, other === id ? 'is this dialer itself' : 'is not a configured dialer', fix);
}

function at(value: unknown, ...path: readonly string[]): unknown {
  let inner = value;
  for (const key of path) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, key)) return undefined;
    inner = (inner as Record<string, unknown>)[key];
  }
  return inner;
}

function entries(value: unknown, ...path: readonly string[]): [string, unknown][] {
  const inner = at(value, ...path);
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? Object.entries(inner) : [];
}

function texts(value: unknown, ...path: readonly string[]): string[] {
  const inner = at(value, ...path);
  return Array.isArray(inner) ? inner.filter((entry) => typeof entry === 'string') : [];
}
