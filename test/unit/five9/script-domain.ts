import { emptyFrame } from '../../../connectors/five9/ivr/script/frame.ts';
import { element, readXml, textAt, writeXml, type XmlNode } from '../../../connectors/five9/ivr/xml.ts';
import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import { nobodysLease } from '../../../src/domain/lease.ts';
import { answerXml, faultXml, type StubAnswer } from './soap-stub.ts';
import { start } from './start-dialer.ts';

interface Kept {
  description: string;
  xml: string;
}

/** A domain that keeps scripts, and Patchbay before it; `run` is the command line. */
export async function startScriptDomain(campaigns: Record<string, unknown>, rest: Record<string, unknown> = {}) {
  const scripts = new Map<string, Kept>();
  const cursors = new Map<string, string>();
  const faults = new Map<string, StubAnswer>();
  /** What Five9 makes of a definition that it is given. */
  const ways = { normalise: (xml: string) => xml, keepsDescriptions: true, isBusy: false };

  const answers: Record<string, (request: XmlNode) => string> = {
    getIVRScripts(request) {
      const pattern = new RegExp(textAt(request, 'namePattern'));
      return [...scripts]
        .filter(([name]) => pattern.test(name))
        .map(([name, kept]) => definitionXml(name, kept))
        .join('');
    },
    createIVRScript(request) {
      const frame = emptyFrame();
      frame.children.unshift(element('domainId', 100_001));
      const kept = { description: '', xml: writeXml(frame) };
      scripts.set(textAt(request, 'name'), kept);
      return definitionXml(textAt(request, 'name'), kept);
    },
    modifyIVRScript(request) {
      const definition = request.children[0];
      const xml = ways.normalise(textAt(definition, 'xmlDefinition'));
      const description = ways.keepsDescriptions ? textAt(definition, 'description') : '';
      scripts.set(textAt(definition, 'name'), { description, xml });
      return '';
    },
    deleteIVRScript(request) {
      scripts.delete(textAt(request, 'name'));
      return '';
    },
    getSkills: () => '<return><id>300101</id><name>Sales</name></return>',
  };

  function answer(operation: string, xml: string): StubAnswer {
    const fault = faults.get(operation);
    if (fault) return fault;
    const content = answers[operation]?.(requestOf(xml)) ?? '';
    return { body: answerXml(operation, content) };
  }

  const deps: Partial<ConnectorDeps> = {
    readCursor: async (name) => cursors.get(name) ?? '',
    writeCursor: async (name, value) => {
      cursors.set(name, value);
    },
    withLease: async (name, work) =>
      ways.isBusy && name.startsWith('ivr-scripts') ? null : work(new AbortController().signal, nobodysLease),
  };
  const { dialer, operations } = await start(answer, { callbackList: 'AI callbacks', campaigns, ...rest }, deps);
  const command = dialer.commands?.find(({ name }) => name === 'script');

  /** The exit code, and what was written; with `--json` each line parsed. */
  async function run(words: string[], options: Record<string, unknown> = {}) {
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    const code = await command?.run(words, options, { write, isTerminal: false, isJson: options.json === true });
    const results = options.json === true ? lines.map((line) => JSON.parse(line) as Record<string, unknown>) : [];
    return { code, text: lines.join('\n'), results };
  }

  const writes = () => operations().filter((operation) => /^(create|modify|delete)/.test(operation));
  return { scripts, cursors, faults, ways, run, writes, operations };
}

export const refusal = faultXml('IncorrectArgument');

function definitionXml(name: string, { description, xml }: Kept): string {
  const node = element('return', [
    element('description', description),
    element('name', name),
    element('xmlDefinition', xml),
  ]);
  return writeXml(node).replace(/^<\?xml.*\?>\n/, '');
}

function requestOf(xml: string): XmlNode {
  const body = readXml(xml).children.find(({ name }) => name.endsWith('Body'));
  return body?.children[0] ?? element('none');
}
