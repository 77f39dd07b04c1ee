import { type IvrModule, type IvrScript, targetsOf } from '../script-model.ts';
import { childrenOf, textAt } from '../xml.ts';
import type { AuditContext } from './audit-context.ts';
import { type Comparison, createComparisons } from './comparisons.ts';
import { createMatch, type Match } from './match.ts';
import { type Expression, readExpression } from './operands.ts';
import { type Query, readQuery } from './query.ts';
import { type Reading, readAnswers } from './reads.ts';
import { createUnpack, type Unpack } from './unpack.ts';

/** A script prepared for judging: what several rules ask for is found once. */
export interface View {
  script: IvrScript;
  context: AuditContext;
  /** Whether anything in it talks to Patchbay. */
  isOurs: boolean;
  /** Those that run while the call is up, by id; of a doubled id the first. */
  byId: ReadonlyMap<string, IvrModule>;
  start: IvrModule | undefined;
  queries: readonly Query[];
  transfers: readonly IvrModule[];
  /** Modules that come after one, by any edge; not the module itself, unless in a circle. */
  after(id: string): ReadonlySet<string>;
  /** The transfers that take the call to the AI. */
  toAi: readonly IvrModule[];
  expressions(module: IvrModule): readonly Expression[];
  /** Where a Case or an If/Else compares a variable with a constant. */
  comparisonsOn(variable: string): readonly Comparison[];
  /** What the response rules of a Query of ours do with our answers. */
  readings(query: Query): readonly Reading[];
  match: Match;
  unpack: Unpack;
}

/** Where the caller stays for good, or is with somebody. Kinds that we don't know may be ends too. */
const goesOn = new Set([
  'incomingCall',
  'startOnHangup',
  'play',
  'menu',
  'getDigits',
  'input',
  'voiceInput',
  'language',
  'recording',
  'setVariable',
  'ifElse',
  'case',
  'iterator',
  'query',
  'lookupCRMRecord',
  'crmUpdate',
  'systemInfo',
  'systemUpdate',
  'setDNC',
  'answerMachine',
]);

export function createView(script: IvrScript, context: AuditContext): View {
  const byId = new Map<string, IvrModule>();
  for (const module of script.modules) if (!byId.has(module.id)) byId.set(module.id, module);
  const unpack = createUnpack();
  const queries = script.modules
    .filter(({ tag }) => tag === 'query')
    .map((module) => readQuery(module, script, context, unpack));
  const transfers = script.modules.filter(({ tag }) => tag === 'thirdPartyTransfer');
  const after = createReach(byId);
  const match = createMatch();
  const readings = new Map<Query, Reading[]>();
  return {
    script,
    context,
    byId,
    queries,
    transfers,
    unpack,
    match,
    after,
    readings(query) {
      const found = readings.get(query) ?? readAnswers(query, context, match);
      readings.set(query, found);
      return found;
    },
    start: script.modules.find(({ tag }) => tag === 'incomingCall'),
    isOurs: queries.some(({ isOurs }) => isOurs),
    toAi: transfersToAi(queries, transfers, byId),
    comparisonsOn: createComparisons(script),
    expressions: (module) => childrenOf(module.data, 'expressions').map(readExpression),
  };
}

/** Whether a module may be the end of a call. */
export function mayEnd(module: IvrModule): boolean {
  if (module.tag === 'thirdPartyTransfer') return textAt(module.data, 'returnAfter3rdParty') !== 'true';
  return !goesOn.has(module.tag);
}

/**
 * The first transfers after a register Query; where nothing registers, those that an outcome Query follows, else all; in a
 * script that does not know us, those that send data.
 */
function transfersToAi(
  queries: readonly Query[],
  transfers: readonly IvrModule[],
  byId: ReadonlyMap<string, IvrModule>,
): readonly IvrModule[] {
  const ours = queries.filter(({ isOurs }) => isOurs);
  const asks = (endpoint: string) => ours.filter((query) => query.endpoint === endpoint);
  const outcomes = new Set(asks('outcome').map(({ module }) => module.id));
  const registers = asks('register');
  if (registers.length > 0) {
    const reached = reach(
      byId,
      registers.map(({ module }) => module.next),
      (id) => outcomes.has(id) || byId.get(id)?.tag === 'thirdPartyTransfer',
    );
    return transfers.filter(({ id }) => reached.has(id));
  }
  if (ours.length === 0) return transfers.filter(({ data }) => textAt(data, 'send3rdParty') === 'true');
  if (outcomes.size === 0) return [];
  const followed = transfers.filter(({ next }) => [...reach(byId, [next])].some((id) => outcomes.has(id)));
  return followed.length > 0 ? followed : transfers;
}

/** So many modules are asked what comes after them; a script with more was made to cost time. */
const maxQuestions = 400;

function createReach(byId: ReadonlyMap<string, IvrModule>): View['after'] {
  const known = new Map<string, ReadonlySet<string>>();
  return (id) => {
    const found = known.get(id);
    if (found) return found;
    const module = byId.get(id);
    if (!module || known.size >= maxQuestions) return new Set();
    const reached = reach(byId, targetsOf(module));
    known.set(id, reached);
    return reached;
  };
}

/** Everything that can be reached from here, these included. @param stopsAt is reached, but not passed */
export function reach(
  byId: ReadonlyMap<string, IvrModule>,
  from: readonly string[],
  stopsAt: (id: string) => boolean = () => false,
): Set<string> {
  const reached = new Set<string>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const module = byId.get(id);
    if (!module || reached.has(id)) continue;
    reached.add(id);
    if (stopsAt(id)) continue;
    for (const target of targetsOf(module)) open.push(target);
  }
  return reached;
}
