import { readFile } from 'node:fs/promises';
import { type ConfigDocument, readDocument } from './document.ts';
import { type Interpolated, interpolate, type Variables } from './interpolate.ts';
import { type Fault, faultsOfIssue } from './issue-faults.ts';
import { idOf, parseConfig } from './parse.ts';
import { secretsIn } from './redact.ts';
import type { ConnectorRegistry } from './registry.ts';
import { type ConfigFault, renderPath, renderReport } from './report.ts';
import { configSchema, type PatchbayConfig } from './schema.ts';
import { overSecrets, readSecrets } from './secrets-file.ts';
import { warningsOf } from './warnings.ts';

export type LoadedConfig =
  | { kind: 'ok'; config: PatchbayConfig; warnings: string[] /** As the file has it. */; text: string }
  | { kind: 'faults'; faults: ConfigFault[]; report: string };

export interface LoadOptions {
  /** YAML or JSON. */
  file: string;
  /** The environment that `${NAME}` is read from; its LOG_LEVEL goes before the file's. */
  env: Variables;
  registry: ConnectorRegistry;
}

/** Reads and checks a configuration file, with the secrets beside it. Every fault is found in one go. */
export async function loadConfig({ file, env, registry }: LoadOptions): Promise<LoadedConfig> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    const fix = 'Name the file with --config or PATCHBAY_CONFIG, or make one: `npx patchbay setup`.';
    return refuse(file, [{ path: '', what: `the file can not be read (${code})`, fix }]);
  }
  const secrets = await readSecrets(file);
  if (secrets.fault) return refuse(file, [{ path: '', ...secrets.fault }]);
  const loaded = await checkConfig({ file, text, env: overSecrets(env, secrets.values), registry });
  return loaded.kind === 'ok' ? { ...loaded, warnings: [...secrets.warnings, ...loaded.warnings] } : loaded;
}

/** Checks a configuration that need not lie in its file yet. `env` holds the secrets too. */
export async function checkConfig({
  file,
  text,
  env,
  registry,
}: LoadOptions & { text: string }): Promise<LoadedConfig> {
  const schema = configSchema(registry);
  const document = readDocument(text);
  const filled = await interpolate(document.value, env);
  overrideLogLevel(filled.value, env);
  const parsed = parseConfig(schema, filled);
  const issues = parsed.kind === 'ok' ? [] : parsed.issues;

  const secrets = secretsIn(filled.value, schema).filter((secret) => secret.length > 3);
  const found = issues.flatMap((issue) => faultsOfIssue(issue, schema, filled.value));
  const faults = gather(document, filled, found, secrets);
  if (parsed.kind === 'issues' || faults.length > 0) return refuse(file, faults);
  return { kind: 'ok', config: parsed.config, text, warnings: [...filled.warnings, ...warningsOf(parsed.config)] };
}

export interface Environment {
  variables: Variables;
  /** From PATCHBAY_CONFIG. */
  configFile: string | undefined;
  /** From PATCHBAY_CLOCK_FILE: a simulated clock that processes share. */
  clockFile: string | undefined;
}

/** The only place that looks at the process's environment. */
export function readEnvironment(): Environment {
  const variables = process.env;
  return {
    variables,
    configFile: variables.PATCHBAY_CONFIG || undefined,
    clockFile: variables.PATCHBAY_CLOCK_FILE || undefined,
  };
}

function overrideLogLevel(value: unknown, env: Variables): void {
  if (!env.LOG_LEVEL || typeof value !== 'object' || value === null) return;
  const root = value as Record<string, unknown>;
  root.log ??= {};
  if (typeof root.log === 'object' && root.log !== null) Object.assign(root.log, { level: env.LOG_LEVEL });
}

/** A value whose variable is missing, or that stands where the document is broken, is not judged a second time. */
function gather(
  document: ConfigDocument,
  filled: Interpolated,
  found: readonly Fault[],
  secrets: readonly string[],
): ConfigFault[] {
  const faults: ConfigFault[] = document.faults.map((fault) => ({ path: '', ...fault }));
  const missing = new Set(filled.faults.map((fault) => idOf(fault.path)));
  const others = found.filter((fault) => !missing.has(idOf(fault.path)));
  for (const { path, what, fix } of [...filled.faults, ...others]) {
    const line = document.lineOf(path);
    if (Number.isFinite(document.brokenFromLine) && (line ?? Infinity) >= document.brokenFromLine) continue;
    const told = { what: withoutSecrets(what, secrets), fix: withoutSecrets(fix, secrets) };
    faults.push({ path: renderPath(path), ...(line !== undefined && { line }), ...told });
  }
  return faults.sort((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity));
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, '•••'), text);
}

function refuse(file: string, faults: ConfigFault[]): LoadedConfig {
  return { kind: 'faults', faults, report: renderReport(file, faults) };
}
