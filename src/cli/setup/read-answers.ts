import { readFile } from 'node:fs/promises';
import { parseDocument, visit } from 'yaml';
import { readDocument } from '../../../config/document.ts';
import { interpolate } from '../../../config/interpolate.ts';
import { ConnectorError } from '../../domain/errors.ts';
import type { CliContext } from '../context.ts';

/** A file of answers, YAML or JSON, with the environment's values in place of `${NAME}`. */
export async function readAnswers(context: CliContext, file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConnectorError('bad_request', `${file} can't be read: ${error.message}`, { hint: 'Name another file.' });
  });
  const { faults } = readDocument(text);
  const filled = await interpolate(faults.length > 0 ? {} : valuesAsTyped(text), context.environment.variables);
  const [fault] = [
    ...faults.map(({ line, what, fix }) => ({ what: `line ${line}: ${what}`, fix })),
    ...filled.faults.map(({ path, what, fix }) => ({ what: `${path.join('.')} ${what}`, fix })),
  ];
  if (fault) throw new ConnectorError('bad_request', `${file}: ${fault.what}`, { hint: fault.fix });
  return filled.value;
}

/** YAML takes `+19895551234` and `007` for numbers and loses how they were written: here they are answers. */
function valuesAsTyped(text: string): unknown {
  const document = parseDocument(text, { merge: true, logLevel: 'silent' });
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'number' && node.source !== undefined) node.value = node.source;
    },
  });
  return document.toJS({ maxAliasCount: 100 }) ?? {};
}
