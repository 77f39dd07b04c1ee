import { outcomeCodes } from '../src/domain/outcome-codes.ts';
import { campaignSettings } from '../src/domain/settings.ts';
import { renderPath } from './report.ts';
import type { PatchbayConfig } from './schema.ts';

/** What an operator should know about a configuration that can be used. */
export function warningsOf(config: PatchbayConfig): string[] {
  const warnings: string[] = [];
  const { drill } = config;
  if (drill && (drill.ignoreIdempotency || drill.dropCommittedFact > 0 || drill.killAt.length > 0)) {
    warnings.push('drill: Patchbay is broken on purpose. Never do this in production.');
  }
  if (
    !['127.0.0.1', '::1', 'localhost'].includes(config.server.host) &&
    config.server.publicUrl.startsWith('http://')
  ) {
    warnings.push(
      'server.publicUrl: API keys and customer data travel unencrypted. Put a proxy with TLS in front, or set server.tls.',
    );
  }
  if (config.mcp.personalData && config.mcp.writes.length > 0) {
    warnings.push(
      'mcp: what customers said reaches an assistant that can act, and may talk it into something. Leave out mcp.personalData or mcp.writes.',
    );
  }
  return [...warnings, ...consoleWarningsOf(config), ...mappingWarningsOf(config)];
}

function consoleWarningsOf({ console: pages, server }: PatchbayConfig): string[] {
  if (!pages.enabled) return [];
  const warnings: string[] = [];
  const { protocol, hostname } = new URL(server.publicUrl);
  const isHere = /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/.test(hostname);
  const mayLogIn = Object.keys(pages.users).length > 0 || pages.oidc !== undefined;
  if (mayLogIn && protocol === 'http:' && !isHere) {
    warnings.push(
      'console: passwords and sessions travel unencrypted. Put a proxy with TLS in front, or set server.tls, and set server.publicUrl to the https:// address.',
    );
  }
  if (mayLogIn && protocol === 'https:' && !server.tls && server.trustedProxies.length === 0) {
    warnings.push(
      'server.trustedProxies: names nobody, while publicUrl is https. Behind a proxy all people then come from one address, and wrong passwords of one lock the log-in for the others: name the proxy, such as loopback.',
    );
  }
  if (pages.session.idleMin > pages.session.maxHours * 60) {
    warnings.push('console.session.idleMin: is longer than maxHours, which ends a session first.');
  }
  return warnings;
}

/** The part of them that is about dispositions: the doctor sees it beside what the agents can commit. */
export function mappingWarningsOf(config: PatchbayConfig): string[] {
  const warnings: string[] = [];
  const codes = [...outcomeCodes, ...config.outcomes.extra];
  for (const [id, dialer] of Object.entries(config.dialers)) {
    if (Object.keys(dialer.campaigns).length === 0) {
      warnings.push(`${renderPath(['dialers', id, 'campaigns'])}: nothing is mapped, so every disposition waits.`);
    }
    for (const [name, campaign] of Object.entries(dialer.campaigns)) {
      const path = renderPath(['dialers', id, 'campaigns', name]);
      const missing = codes.filter((code) => !campaign.dispositions[code]);
      if (missing.length > 0) {
        warnings.push(`${path}.dispositions: no entry for ${missing.join(', ')}; dispositions of such calls wait.`);
      }
      const other = campaign.mirror && config.dialers[campaign.mirror.dialer];
      if (campaign.mirror && other) {
        const { dispositions } = campaignSettings(other, campaign.mirror.campaign);
        if (Object.keys(dispositions).length > 0) continue;
        warnings.push(
          `${path}.mirror: the other dialer maps nothing for that campaign, so mirrored dispositions wait.`,
        );
      }
    }
  }
  return warnings;
}
