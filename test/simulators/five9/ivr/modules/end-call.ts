import type { Contact } from '../../contact-store.ts';
import { dispose } from '../../dispose.ts';
import { addToDnc } from '../../dnc.ts';
import type { Five9Domain } from '../../five9-domain.ts';
import { actorOf, type Run, type Step } from '../run-script.ts';
import type { ScriptModule } from '../script.ts';
import { isTrueAt, wordAt } from '../script-xml.ts';

/** Hang-up: ends the call with the module's disposition, over an earlier one only where it says so. */
export function hangUpModule(run: Run, { data }: ScriptModule): Step {
  if (!run.call.disposition || isTrueAt(data, 'overwriteDisposition')) disposeCall(run, data);
  return { kind: 'end' };
}

/** Set DNC. ASSUMPTION: whatever its data holds, it is the number of the call that goes on the list. */
export function setDncModule(run: Run): Step {
  addToDnc(run.deps.domain, actorOf(run, 'ivr'), [run.call.number1]);
  return { kind: 'next' };
}

/** Gives the call a module's `dispo`; one of the domain's own also goes into the record, as the dialer would have it. */
export function disposeCall(run: Run, data: ScriptModule['data']): void {
  const { call, campaign, contact, deps } = run;
  const name = wordAt(data, 'dispo', 'name');
  // Ids of Five9's own dispositions are not above zero: No Disposition, Caller Disconnected, …
  const isSystem = Number(wordAt(data, 'dispo', 'id') || 0) <= 0;
  call.disposition = name;
  if (isSystem) {
    if (contact && name !== 'No Disposition') noteSystem(deps.domain, contact, name);
    return;
  }
  deps.domain.imports.settle();
  const disposition = deps.domain.dispositions.get(name);
  if (!disposition) throw new Error(`the script sets the disposition "${name}", which the domain does not have`);
  if (contact) dispose(deps.domain, actorOf(run, 'ivr'), campaign, contact, disposition);
}

function noteSystem(domain: Five9Domain, { mapped }: Contact, name: string): void {
  const time = domain.contacts.timeText(domain.clock.now());
  mapped.set('LastSystemDisposition', name).set('LastSystemDispositionDateTime', time);
  if (domain.switches.lastDispositionFollowsSystem) {
    mapped.set('LastDisposition', name).set('LastDispositionDateTime', time);
  }
}
