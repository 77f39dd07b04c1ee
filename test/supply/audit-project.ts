import { runNpm } from './run-npm.ts';

export interface AuditVerdict {
  kind: 'clean' | 'found' | 'not available';
  /** One line each, worst first. */
  lines: string[];
}

interface Report {
  vulnerabilities?: Record<string, Vulnerability>;
  message?: string;
  error?: { code?: string; summary?: string };
}

interface Vulnerability {
  name: string;
  severity: string;
  range: string;
  /** What is wrong with it, or the name of what it takes it from. */
  via: readonly (string | { title: string; url: string })[];
  fixAvailable: unknown;
}

const severities = ['critical', 'high', 'moderate', 'low', 'info'];
/** These stop a release; others are only told. */
const grave = severities.slice(0, 2);

/**
 * Asks the registry what is known against the locked dependencies of a folder. A registry that does not answer such
 * questions, as many mirrors, says nothing about the dependencies: that is told apart from a finding.
 */
export async function auditProject(folder: string, env: Record<string, string> = {}): Promise<AuditVerdict> {
  const { out, err } = await runNpm(['audit', '--json', '--package-lock-only', '--no-fund'], folder, env);
  const report = read(out);
  if (!report?.vulnerabilities) {
    const why = report?.error?.summary || report?.message || err.trim().split('\n').at(-1) || 'no answer';
    return { kind: 'not available', lines: [why.split('\n', 1)[0] ?? ''] };
  }
  const found = Object.values(report.vulnerabilities).sort((a, b) => rankOf(a) - rankOf(b));
  const isGrave = found.some(({ severity }) => grave.includes(severity));
  return { kind: isGrave ? 'found' : 'clean', lines: found.map(lineOf) };
}

function read(out: string): Report | null {
  try {
    return JSON.parse(out) as Report;
  } catch {
    return null;
  }
}

function rankOf({ severity }: Vulnerability): number {
  return severities.indexOf(severity);
}

function lineOf({ name, severity, range, via, fixAvailable }: Vulnerability): string {
  const why = via.map((one) => (typeof one === 'string' ? `by ${one}` : `${one.title} ${one.url}`)).join('; ');
  return `${severity}: ${name} ${range}: ${why}${fixAvailable ? ' (a fix is there)' : ''}`;
}
