import { readFile } from 'node:fs/promises';
import type { Command, CommandOutput } from '../../../../src/domain/connector.ts';
import { ConnectorError, messageOf } from '../../../../src/domain/errors.ts';
import type { Five9 } from '../../five9.ts';
import { createScriptOperations } from '../script/script-operations.ts';
import { type AuditContext, auditContext } from './audit-context.ts';
import { auditScript } from './audit-script.ts';
import { type Finding, severities } from './finding.ts';
import { readExport } from './read-export.ts';

/** A script to audit: from a file, or from the domain. */
interface Source {
  name: string;
  read(): Promise<Uint8Array>;
}

/** `patchbay <id> audit FILE…`: 0 without errors, 1 with a finding of severity error, 2 when something can't be read. */
export function auditCommand(five9: Five9): Command {
  return {
    name: 'audit',
    summary: 'checks IVR scripts, exported to files or in the domain, and says what to change',
    options: [
      { flags: '--domain', summary: 'the scripts of the domain' },
      { flags: '--name <pattern>', summary: 'with --domain: only those whose name fits this Java pattern as a whole' },
      {
        flags: '--campaign <name>',
        summary: 'what the branches must cover (Default: what any campaign of the configuration may need)',
      },
    ],
    isOffline: (_files, options) => options.domain !== true,
    async run(files, options, output) {
      const campaign = typeof options.campaign === 'string' ? options.campaign : '';
      const context = auditContext(five9.id, five9.deps.publicUrl, five9.config, campaign);
      if (options.domain === true) {
        const contactFields = new Set((await five9.api.contactFields()).map(({ name }) => name));
        return judgeAll(await inDomain(five9, options.name), { ...context, contactFields }, output);
      }
      if (files.length === 0) {
        throw new ConnectorError('bad_request', 'no script was named', {
          hint: 'Give the path of one or more .five9ivr files, or --domain.',
        });
      }
      const sources = files.map((name) => ({ name, read: () => readFile(name) }));
      return judgeAll(sources, context, output);
    },
  };
}

async function inDomain({ api }: Five9, pattern: unknown): Promise<Source[]> {
  const scripts = await createScriptOperations(api).matching(typeof pattern === 'string' ? pattern : undefined);
  // What comes over SOAP is text already, whatever encoding it declares.
  return scripts.map(({ name, xml }) => ({
    name,
    read: async () => Buffer.from(xml.replace(/^\s*<\?xml[^>]*\?>/, '')),
  }));
}

async function judgeAll(sources: readonly Source[], context: AuditContext, output: CommandOutput): Promise<number> {
  let code = 0;
  for (const source of sources) {
    try {
      const findings = auditScript(readExport(await source.read()), context);
      if (code === 0 && findings.some(({ severity }) => severity === 'error')) code = 1;
      if (output.isJson) output.write(JSON.stringify({ script: source.name, findings }));
      else for (const line of linesOf(source.name, findings)) output.write(line);
    } catch (error) {
      code = 2;
      const hint = error instanceof ConnectorError ? error.hint : 'Check the path and the rights of the file.';
      const why = messageOf(error);
      if (output.isJson) output.write(JSON.stringify({ script: source.name, error: why, hint }));
      else output.write(`${source.name}: ${why}\n  → ${hint}`);
    }
  }
  if (sources.length === 0 && !output.isJson) output.write('No script of the domain has such a name.');
  return code;
}

function linesOf(name: string, findings: readonly Finding[]): string[] {
  const counts = severities
    .map((severity) => ({ severity, count: findings.filter((each) => each.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}`);
  return [
    `${name}: ${counts.join(', ') || 'nothing found'}`,
    ...findings.flatMap(({ rule, severity, module, line, what, change }) => [
      `  ${severity} ${rule}${module && ` in "${module}"`}${line > 0 ? ` (line ${line})` : ''}: ${what}`,
      ...(change ? [`    → ${change}`] : []),
    ]),
  ];
}
