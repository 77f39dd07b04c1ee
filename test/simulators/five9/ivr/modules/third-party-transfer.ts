import { showsCustomer } from '../../campaign-changes.ts';
import type { Run, Step } from '../run-script.ts';
import type { ScriptModule } from '../script.ts';
import { child, isTrueAt, wordAt } from '../script-xml.ts';
import { type KvList, readOperand, toNumber, toText } from '../variables.ts';
import { disposeCall } from './end-call.ts';

/** ASSUMPTION: the elements that name the KVLists; no export with one was ever seen. */
export const assumedElements = { send: 'send3rdPartyVariable', receive: 'receive3rdPartyVariable' } as const;

/** At most so many headers go out. */
const maxHeaders = 10;

/**
 * 3rd Party Transfer: sends a KVList as `X-` headers, waits for the far end's BYE within the maximum time, fills a KVList
 * from its headers, and goes on, or ends the call, as the module says.
 */
export async function thirdPartyTransferModule(run: Run, module: ScriptModule): Promise<Step> {
  const { call, deps } = run;
  const { data } = module;
  const isSent = isTrueAt(data, 'send3rdParty');
  call.sipHeaders = isSent ? headersOf(run.variables.list(nameAt(module, 'send'))) : {};

  const leg = await deps.legs.transfer(deps, call, {
    to: toText(readOperand(run.variables, child(data, 'thirdPartyNumber'))),
    from: showsCustomer(deps.domain, run.campaign) ? call.number1 : run.campaign.ani,
    // A carrier's PSTN hop strips what it does not know.
    headers: deps.connection === 'pop' ? call.sipHeaders : {},
    maxMs: toNumber(wordAt(data, 'maxTimeOf3rdParty') || 300) * 1000,
    ringingMs: toNumber(wordAt(data, 'ringingTimeout') || 10) * 1000,
  });
  if (leg.kind === 'notReached') return notReached(run, module, leg.status);

  const { bye } = leg;
  call.byeHeaders = deps.connection === 'pop' ? bye.headers : {};
  call.byeReason = bye.reason;
  if (isTrueAt(data, 'receive3rdParty')) receive(run, nameAt(module, 'receive'));
  const { domain } = deps;
  if (bye.reason === 'user_ended_call' && domain.switches.callerHangUpEndsScript) return { kind: 'callerGone' };
  if (isTrueAt(data, 'returnAfter3rdParty')) return { kind: 'next' };
  disposeCall(run, data);
  return { kind: 'end' };
}

/** ASSUMPTION: a far end that does not answer takes the error branch, where there is one. */
function notReached({ call }: Run, module: ScriptModule, status: number): Step {
  call.branch = '';
  return module.onError
    ? { kind: 'error', code: String(status), why: 'the 3rd party was not reached' }
    : { kind: 'next' };
}

/** Keys that begin with `X-`, the first ten; a line break can't be in a header. */
export function headersOf(list: KvList): Record<string, string> {
  const headers = [...list].filter(([key]) => /^x-./i.test(key)).slice(0, maxHeaders);
  return Object.fromEntries(headers.map(([key, value]) => [key, value.replace(/[\r\n]+/g, ' ')]));
}

function receive({ call, deps, variables }: Run, name: string): void {
  const list = variables.list(name);
  const isLower = deps.domain.switches.byeHeadersLowerCase;
  for (const [key, value] of Object.entries(call.byeHeaders)) {
    if (/^x-./i.test(key)) list.set(isLower ? key.toLowerCase() : key, value);
  }
}

function nameAt({ data, name }: ScriptModule, which: 'send' | 'receive'): string {
  const variable = wordAt(data, assumedElements[which]);
  if (!variable) throw new Error(`"${name}" does not name the KVList to ${which} (${assumedElements[which]})`);
  return variable;
}
