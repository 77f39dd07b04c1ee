import { fileURLToPath } from 'node:url';
import { auditProject } from './audit-project.ts';

// npm run audit: what is known against our dependencies. Ends with 1 for something of high severity or worse, and with 0
// where the registry in use does not answer such questions: that says nothing, and it says so.

const { kind, lines } = await auditProject(fileURLToPath(new URL('../..', import.meta.url)));
for (const line of lines) console.log(line);
if (kind === 'not available')
  console.log('not available: the registry in use answers no audit; ask another by npm_config_registry');
else
  console.log(
    kind === 'clean' ? 'nothing of high severity' : 'something of high severity: update, or replace what has it',
  );
if (kind === 'found') process.exitCode = 1;
