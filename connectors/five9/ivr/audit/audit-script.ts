import type { IvrScript } from '../script-model.ts';
import type { AuditContext } from './audit-context.ts';
import { type Finding, type Problem, type Rule, severities } from './finding.ts';
import { rules } from './rules.ts';
import { createView } from './view.ts';

/** So many findings of one rule; more tell nobody anything. */
const maxPerRule = 50;

/**
 * Judges a script by every rule. Findings come by severity, worst first, and in the order of the file. A script that
 * does not talk to Patchbay is judged by the general rules only. Never throws.
 */
export function auditScript(script: IvrScript, context: AuditContext): Finding[] {
  const view = createView(script, context);
  const findings = rules
    .filter(({ scope }) => scope === 'any' || view.isOurs)
    .flatMap((rule) => problemsOf(rule, rule.check(view)));
  return findings.sort(
    (one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity) || one.line - other.line,
  );
}

function problemsOf(rule: Rule, problems: Iterable<Problem>): Finding[] {
  const findings: Finding[] = [];
  for (const { module, what, change, severity } of problems) {
    if (findings.length === maxPerRule) {
      findings.push({ ...findingOf(rule, undefined), what: 'further findings of this rule are left out', change: '' });
      break;
    }
    findings.push({ ...findingOf(rule, module), what, change, severity: severity ?? rule.severity });
  }
  return findings;
}

function findingOf({ id, severity }: Rule, module: Problem['module']): Finding {
  return {
    rule: id,
    severity,
    module: module ? module.name || `(${module.tag} without a name)` : '',
    moduleId: module?.id ?? '',
    line: module?.node.line ?? 0,
    what: '',
    change: '',
  };
}
