import { textAt, type XmlNode } from '../xml.ts';
import type { Rule } from './finding.ts';
import type { Entry, Query } from './query.ts';

/** A script can be read by everybody who may open it, and is mailed around as a file. */
export const secretRules: readonly Rule[] = [
  {
    id: 'secrets.query',
    severity: 'error',
    scope: 'any',
    about: 'No password, key or token stands in the headers, parameters, address or body of a Query.',
    *check({ queries }) {
      for (const query of queries) {
        for (const where of placesWithSecret(query))
          yield { module: query.module, what: `${where} as plain text`, change };
      }
    },
  },
  {
    id: 'secrets.constants',
    severity: 'error',
    scope: 'any',
    about: 'No password, key or token stands in variables or functions of the script.',
    *check({ script, expressions, unpack }) {
      for (const module of script.modules.filter(({ tag }) => tag === 'setVariable')) {
        const holds = expressions(module).some(({ target, args }) =>
          args.some((arg) => arg.kind === 'constant' && (looksSecret(arg.text) || isSecretValue(target, arg.text))),
        );
        if (holds) yield { module, what: 'it holds a password, key or token as plain text', change };
      }
      for (const { name, node } of script.variables.values()) {
        const text = firstValueOf(node);
        if (!looksSecret(text) && !isSecretValue(name, text)) continue;
        yield { what: `the variable ${name.slice(0, 80)} starts with a password, key or token as plain text`, change };
      }
      const bodies = functionBodies(script.root);
      if (bodies.some((text) => looksSecret(text) || looksSecret(unpack(text) ?? ''))) {
        yield { what: 'a function of the script holds a password, key or token as plain text', change };
      }
    },
  },
  {
    id: 'secrets.soap',
    severity: 'error',
    scope: 'any',
    about: "A script does not call Five9's own administration: it would hold the rights of an administrator.",
    *check({ queries }) {
      for (const { module, url } of queries) {
        if (!/\/wsadmin\//i.test(url)) continue;
        const what = "it calls Five9's administration (SOAP), for which it must hold an administrator's password";
        yield { module, what, change: 'Let a service outside of Five9 ask, and the script ask that service.' };
      }
    },
  },
];

const change =
  'Put it into an authorization profile, choose that in the Query, and take it out here. Then change the secret: whoever saw the script knows it.';

const secretName =
  /^(authorization|proxy-authorization|cookie|(x[-_])?(api|app|access|auth|secret|subscription)?[-_]?(key|token|secret)|.*[-_](api[-_]?key|token|secret|password)|api[-_]?key|apikey|auth|passw(or)?d|passwd|pwd|pass|bearer|client[-_]?secret|credentials?)$/i;

function isSecretName(name: string): boolean {
  return secretName.test(name) && !/^(correlation|session|call|caller)/i.test(name);
}

/** What a variable holds. One called just "key" is for walking through a KVList. */
function isSecretValue(variable: string, text: string): boolean {
  return isSecretName(variable) && !/^key$/i.test(variable) && text.trim().length >= 4;
}

/** What looks like a secret wherever it stands. */
const secretTexts = [
  /\b(?:Basic|Bearer)\s+(?=\S*[\d=])[A-Za-z0-9+/=._~-]{8,}/i,
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/@:"'<>]*:[^\s/@"'<>]+@/i,
  /[?&](?:api[-_]?key|key|token|access_token|auth|secret|password|pwd|sig|signature)=(?!\{)[^&\s#"'<>]{4,}/i,
  /["'](?:password|passwd|pwd|api[-_]?key|secret|client_secret|access_token|token)["']\s*:\s*["'](?!\$|\{)[^"']{4,}["']/i,
  /<(?:\w+:)?(?:password|apikey|api_key|secret|token)>\s*(?!\$|\{)[^<\s][^<]{3,}</i,
  /(?:^|[&\s])(?:password|passwd|pwd|api[-_]?key|client_secret|access_token)=(?!\{|&)[^&\s]{4,}/i,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\./,
  /\b(?:sk|pk|rk)[-_](?:live|test|proj)?[-_]?[A-Za-z0-9]{16,}/,
];

function looksSecret(text: string): boolean {
  const start = text.slice(0, 100_000);
  return secretTexts.some((pattern) => pattern.test(start));
}

function* placesWithSecret({ url, headers, parameters, template }: Query): Iterable<string> {
  const holds = ({ key, value }: Entry) =>
    value.kind === 'constant' && value.text.trim() !== '' && (isSecretName(key) || looksSecret(value.text));
  for (const { key } of headers.filter(holds)) yield `the header ${key.slice(0, 60)} holds a password, key or token`;
  for (const { key } of parameters.filter(holds))
    yield `the parameter ${key.slice(0, 60)} holds a password, key or token`;
  if (looksSecret(url)) yield 'its address holds a password, key or token';
  if (template && looksSecret(template)) yield 'its body holds a password, key or token';
}

function firstValueOf(node: XmlNode): string {
  const value = node.children.find(({ name }) => name === 'value') ?? node;
  return textAt(value, 'stringValue', 'value') || textAt(node, 'stringValue', 'value');
}

function functionBodies(root: XmlNode): string[] {
  const functions = root.children.find(({ name }) => name === 'functions');
  return (functions?.children ?? []).map((entry) => {
    const value = entry.children.find(({ name }) => name === 'value');
    return textAt(value, 'functionBody') || textAt(value, 'functionBody', 'base64');
  });
}
