import { instantOf } from '../../../../../src/domain/clock.ts';
import type { XmlElement } from '../../xml.ts';
import type { QueryLog } from '../call-log.ts';
import { javaRegex } from '../java-regex.ts';
import type { Run, Step } from '../run-script.ts';
import type { ScriptModule } from '../script.ts';
import { child, children, isTrueAt, textAt, unpack, wordAt } from '../script-xml.ts';
import { readOperand, toNumber, toText } from '../variables.ts';

/** Five9's words for what can go wrong are not documented; the codes are the simulator's own. */
const errorCodes = { timeOut: '504', refused: '503', noRule: '500' } as const;

/**
 * Query: asks by HTTP, and fills variables by the first response rule whose status range fits and whose expression
 * matches. Time-out, no connection and no such rule take the error branch. Time is the machine's: it is about the
 * real service's speed.
 */
export async function queryModule(run: Run, module: ScriptModule): Promise<Step> {
  const { call, deps, variables } = run;
  const { data } = module;
  const at = instantOf(deps.domain.clock);
  const answer = await ask(run, data);
  deps.signal.throwIfAborted();
  if (isTrueAt(data, 'saveStatusCode')) variables.set(wordAt(data, 'saveStatusCodeVar'), String(answer.status));
  if (isTrueAt(data, 'saveReasonPhrase')) variables.set(wordAt(data, 'saveReasonPhraseVar'), answer.reason);

  const isRuled = answer.error === '' && fillVariables(run, data, answer);
  const why = answer.error || (isRuled ? '' : `no response rule fits status ${answer.status}`);
  witness(run, {
    module: new URL(answer.url).pathname.split('/').at(-1) ?? '',
    name: module.name,
    at,
    status: answer.status,
    ms: answer.ms,
    error: why,
    // What was answered is of no use to a script without a rule for it.
    answered: {
      status: keyIn(isRuled ? answer.body : '', 'status'),
      route: keyIn(isRuled ? answer.body : '', 'route'),
    },
  });
  if (call.queries.at(-1)?.module === 'register' && isRuled) {
    call.registerRoute = keyIn(answer.body, 'route');
    call.correlation_id = keyIn(answer.body, 'correlation_id');
  }
  if (isRuled) return { kind: 'next' };
  const code = answer.error === 'TimeoutError' ? 'timeOut' : answer.error ? 'refused' : 'noRule';
  return { kind: 'error', code: errorCodes[code], why };
}

function witness({ call }: Run, log: QueryLog): void {
  call.queries.push(log);
}

interface Answer {
  url: string;
  status: number;
  reason: string;
  body: string;
  ms: number;
  /** Name of the error without an answer: `TimeoutError`, `TypeError`. */
  error: string;
}

async function ask(run: Run, data: XmlElement | undefined): Promise<Answer> {
  const { deps, variables } = run;
  const url = new URL(urlOf(variables, data));
  const method = wordAt(data, 'method') || 'GET';
  if (method !== 'GET' && method !== 'POST') throw new Error(`the method ${method} is not simulated`);
  const headers = new Headers(pairsOf(run, child(data, 'headers')));
  if (child(data, 'authProfileHolder')) authorize(deps, headers);
  const parameters = new URLSearchParams(pairsOf(run, child(data, 'parameters')));
  const isTemplate = method === 'POST' && wordAt(data, 'requestBodyType') === 'XML_JSON';
  const isForm = method === 'POST' && !isTemplate;
  if (!isForm) for (const [key, value] of parameters) url.searchParams.append(key, value);

  const started = performance.now();
  const answer: Answer = { url: url.href, status: 0, reason: '', body: '', ms: 0, error: '' };
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(isForm && { body: parameters }),
      ...(isTemplate && { body: fillTemplate(run, child(data, 'requestInfo')) }),
      redirect: 'manual',
      signal: AbortSignal.any([deps.signal, AbortSignal.timeout(toNumber(wordAt(data, 'fetchTimeout') || 5) * 1000)]),
    });
    answer.status = response.status;
    answer.reason = response.statusText;
    answer.body = await response.text();
  } catch (error) {
    answer.error = error instanceof Error ? error.name : String(error);
    answer.status = 0;
  }
  answer.ms = Math.round((performance.now() - started) * 10) / 10;
  return answer;
}

/** A constant, or in newer scripts parts of which each is a constant or a variable. */
function urlOf(variables: Run['variables'], data: XmlElement | undefined): string {
  const constant = wordAt(data, 'url');
  if (constant) return constant;
  const parts = children(child(data, 'urlParts'), 'holder');
  return parts.map((part) => toText(readOperand(variables, part))).join('');
}

function pairsOf(run: Run, parent: XmlElement | undefined): [string, string][] {
  return children(parent, 'entry').map((entry) => {
    const operand = child(entry, 'value');
    const isVariable = isTrueAt(operand, 'isVarSelected');
    const value = isVariable ? sent(run, wordAt(operand, 'variableName')) : toText(readOperand(run.variables, operand));
    return [wordAt(entry, 'key'), value];
  });
}

function sent({ deps, variables }: Run, name: string): string {
  const value = toText(variables.get(name));
  return value === '' && deps.domain.switches.variableWithoutValue === 'name' ? name : value;
}

/** What the domain's authorization profile adds; every profile holds the simulator's one user and key. */
function authorize({ ivrAuthorization, ivrUser, ivrKey }: Run['deps'], headers: Headers): void {
  if (ivrAuthorization === 'x-api-key') headers.set('X-API-Key', ivrKey);
  else if (ivrAuthorization === 'bearer') headers.set('Authorization', `Bearer ${ivrKey}`);
  else headers.set('Authorization', `Basic ${Buffer.from(`${ivrUser}:${ivrKey}`).toString('base64')}`);
}

/** Variables go into the template as they are, at positions of the unpacked text. */
function fillTemplate(run: Run, requestInfo: XmlElement | undefined): string {
  let text = unpack(textAt(requestInfo, 'template', 'base64'));
  const replacements = children(requestInfo, 'replacements')
    .map((one) => ({ at: toNumber(wordAt(one, 'position')), name: wordAt(one, 'variableName') }))
    .sort((a, b) => b.at - a.at);
  for (const { at, name } of replacements) text = text.slice(0, at) + sent(run, name) + text.slice(at);
  return text;
}

function fillVariables(run: Run, data: XmlElement | undefined, { status, body }: Answer): boolean {
  for (const rule of children(data, 'responseInfos')) {
    const isInRange = toNumber(wordAt(rule, 'from')) <= status && status <= toNumber(wordAt(rule, 'to'));
    if (!isInRange) continue;
    const method = wordAt(rule, 'method');
    if (method !== 'REG_EXP') throw new Error(`response rules by ${method} are not simulated`);
    if (fillByRegex(run, child(rule, 'regexp'), body)) return true;
    const { ruleWithoutMatch } = run.deps.domain.switches;
    if (ruleWithoutMatch !== 'next') return ruleWithoutMatch === 'accepted';
  }
  return false;
}

/** Group 0 is the first capture group of the expression. */
function fillByRegex({ deps, variables }: Run, rule: XmlElement | undefined, body: string): boolean {
  const match = javaRegex(textAt(rule, 'regexp'), toNumber(wordAt(rule, 'regexpFlags') || 0)).exec(body);
  if (!match) return false;
  for (const group of children(rule, 'regexpParameters')) {
    const name = wordAt(group, 'variable');
    const index = toNumber(wordAt(group, 'groupIndex')) + 1;
    if (index >= match.length) throw new Error(`the expression has no group ${index - 1}`);
    const value = match[index];
    if (!name || (value === undefined && deps.domain.switches.unmatchedGroup === 'kept')) continue;
    variables.set(name, value ?? '');
  }
  return true;
}

/** What the witness reads out of an answer, whatever the script's own rules are. */
function keyIn(body: string, key: string): string {
  return new RegExp(`"${key}":"([^"]*)"`).exec(body)?.[1] ?? '';
}
