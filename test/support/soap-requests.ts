import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { validateXML, type XMLFileInfo } from 'xmllint-wasm';

/**
 * Checks SOAP requests against the schemas inside a WSDL. Imports are looked for in the WSDL and beside it, never on the
 * network.
 *
 * @returns what is wrong, by the place of the request; nothing for requests that are right
 */
export async function invalidRequests(wsdlFile: string, requests: readonly string[]): Promise<Map<number, string[]>> {
  const [main, ...others] = readSchemas(wsdlFile);
  if (!main) throw new Error(`${wsdlFile} holds no schema`);
  const result = await validateXML({
    xml: requests.map((request, index) => ({ fileName: `${index}.xml`, contents: bodyOf(request) })),
    schema: [main],
    preload: [...others],
    initialMemoryPages: 1024,
    maxMemoryPages: 8192,
  });
  const wrong = new Map<number, string[]>();
  for (const { rawMessage } of result.errors) {
    const [, index] = /^(\d+)\.xml(?::| fails)/.exec(rawMessage) ?? [];
    if (index === undefined) throw new Error(`the validator says: ${rawMessage}`);
    wrong.set(Number(index), [...(wrong.get(Number(index)) ?? []), rawMessage]);
  }
  if (!result.valid && wrong.size === 0) throw new Error(`the validator says: ${result.rawOutput}`);
  return wrong;
}

const serviceNamespace = 'http://service.admin.ws.five9.com/';

/** The schemas of a WSDL as files that import each other, the service's own first. */
function readSchemas(wsdlFile: string): XMLFileInfo[] {
  const wsdl = readFileSync(wsdlFile, 'utf8');
  // What the schemas use may be declared on the element around them.
  const outer = [...(/<wsdl:definitions[^>]*>/.exec(wsdl)?.[0] ?? '').matchAll(/\sxmlns:(\w+)="[^"]*"/g)];
  const schemas = [...wsdl.matchAll(/<xs:schema\b[\s\S]*?<\/xs:schema>/g)].map(([text], index) => {
    const [open = ''] = /^[^>]*/.exec(text) ?? [];
    const missing = outer
      .filter(([, prefix]) => !open.includes(`xmlns:${prefix}=`))
      .map(([declaration]) => declaration);
    return {
      fileName: `${index}.xsd`,
      contents: `${open}${missing.join('')}${text.slice(open.length)}`,
      namespace: /targetNamespace="([^"]*)"/.exec(open)?.[1] ?? '',
    };
  });
  const files = new Map(schemas.map(({ namespace, fileName }) => [namespace, fileName]));
  const beside: XMLFileInfo[] = [];
  const located = schemas.map((schema) => ({
    ...schema,
    contents: schema.contents.replace(/<xs:import\b[^>]*>/g, (text) => {
      const namespace = /namespace="([^"]*)"/.exec(text)?.[1] ?? '';
      const name = /schemaLocation="(?:[^"]*\/)?([^"/]+)"/.exec(text)?.[1] ?? '';
      const file = files.get(namespace) ?? fileBeside(wsdlFile, name, beside);
      return `<xs:import namespace="${namespace}"${file ? ` schemaLocation="${file}"` : ''}/>`;
    }),
  }));
  located.sort((a, b) => Number(b.namespace === serviceNamespace) - Number(a.namespace === serviceNamespace));
  return [...located.map(({ fileName, contents }) => ({ fileName, contents })), ...beside];
}

function fileBeside(wsdlFile: string, name: string, found: XMLFileInfo[]): string {
  if (!name) return '';
  const path = join(dirname(wsdlFile), name);
  if (!existsSync(path)) throw new Error(`${wsdlFile} imports ${name}, which must be beside it`);
  found.push({ fileName: name, contents: readFileSync(path, 'utf8') });
  return name;
}

/** The operation's element, with the prefixes that its envelope declares. */
function bodyOf(request: string): string {
  const declared = [...(/<soap:Envelope[^>]*>/.exec(request)?.[0] ?? '').matchAll(/\sxmlns:\w+="[^"]*"/g)].join('');
  const [, body = ''] = /<soap:Body>([\s\S]*)<\/soap:Body>/.exec(request) ?? [];
  return body.replace(/^<[\w:]+/, (open) => `${open}${declared}`);
}
