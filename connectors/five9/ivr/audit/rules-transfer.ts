import { childOf, textAt } from '../xml.ts';
import type { Rule } from './finding.ts';
import { readOperand } from './operands.ts';
import { kvListsNamed } from './rules-headers.ts';
import { asking } from './rules-query.ts';

/** The 3rd Party Transfer to the AI, and what goes with it. */
export const transferRules: readonly Rule[] = [
  {
    id: 'transfer.there',
    severity: 'error',
    scope: 'ours',
    about: 'A script that registers calls hands them to the AI.',
    *check(view) {
      const [register] = asking(view, 'register');
      if (!register || view.toAi.length > 0) return;
      const change = 'Connect a 3rd Party Transfer with the number of the AI agent behind it.';
      yield { module: register.module, what: 'no 3rd Party Transfer follows it', change };
    },
  },
  {
    id: 'transfer.registered',
    severity: 'error',
    scope: 'ours',
    about: 'A call is registered before it goes to the AI: without it nobody can tell what the outcome belongs to.',
    *check(view) {
      const { script, toAi } = view;
      if (asking(view, 'register').length > 0 || script.modules.some(({ tag }) => tag === 'foreignScript')) return;
      // A script that is handed values by another may have been handed the correlation ID.
      const takesInput = [...script.variables.values()].some(
        ({ node }) => (Number(textAt(node, 'attributes')) & 192) > 0,
      );
      for (const module of toAi) {
        yield {
          module,
          severity: takesInput ? 'warning' : 'error',
          what: 'no Query registers the call before it: Patchbay gives it no correlation ID, and knows of no outcome',
          change: 'Add a Query for …/register before it, and put the correlation ID that it answers into the KVList.',
        };
      }
    },
  },
  {
    id: 'transfer.number',
    severity: 'error',
    scope: 'any',
    about: 'A 3rd Party Transfer has a number, to the AI one in E.164.',
    *check({ transfers, toAi }) {
      for (const module of transfers) {
        const number = readOperand(childOf(module.data, 'thirdPartyNumber'));
        const text = number.kind === 'constant' ? number.text.trim() : '';
        const change = 'Enter the number of the AI agent in the 3rd Party Transfer, such as +12125550100.';
        if (number.kind === 'constant' && text === '') yield { module, what: 'it has no number to call', change };
        else if (number.kind === 'constant' && toAi.includes(module) && !/^\+[1-9]\d{6,14}$/.test(text)) {
          yield { module, severity: 'warning', what: 'its number is not written as + and digits', change };
        }
      }
    },
  },
  {
    id: 'transfer.returns',
    severity: 'error',
    scope: 'ours',
    about:
      'Where the script asks for the outcome (handoff A), the call returns from the AI, and the outcome Query follows.',
    *check(view) {
      const outcomes = asking(view, 'outcome');
      for (const module of view.toAi) {
        const returns = textAt(module.data, 'returnAfter3rdParty') === 'true';
        if (!returns && outcomes.length > 0) {
          const change = 'Tick Return After 3rd Party Call in the 3rd Party Transfer.';
          yield { module, what: 'the call does not come back from it, so the outcome is never asked for', change };
        }
        const asks = outcomes.some((query) => view.after(module.id).has(query.module.id));
        if (returns && !asks) {
          const change = 'Connect a Query for …/outcome behind it, or untick Return After 3rd Party Call.';
          yield { module, what: 'the call comes back from it, and no outcome Query follows', change };
        }
      }
    },
  },
  {
    id: 'transfer.time',
    severity: 'error',
    scope: 'any',
    about: 'The call with the AI may last long enough.',
    *check({ toAi, context, isOurs }) {
      for (const module of toAi) {
        const seconds = Number(textAt(module.data, 'maxTimeOf3rdParty')) || 0;
        if (seconds >= context.minTransferSec) continue;
        yield {
          module,
          severity: isOurs ? 'error' : 'remark',
          what: `it cuts the call with the AI after ${seconds} s`,
          change: `Set the maximum time of the 3rd Party Transfer to ${context.minTransferSec} s or more.`,
        };
      }
    },
  },
  {
    id: 'transfer.ringing',
    severity: 'error',
    scope: 'any',
    about: 'A 3rd Party Transfer has a ringing time-out of 5 to 60 seconds.',
    *check({ transfers }) {
      for (const module of transfers) {
        const seconds = Number(textAt(module.data, 'ringingTimeout')) || 0;
        const change = 'Set the ringing time-out of the 3rd Party Transfer to 20 s.';
        if (seconds <= 0) yield { module, what: 'it has no ringing time-out', change };
        else if (seconds < 5 || seconds > 60) {
          yield { module, severity: 'warning', what: `it lets the phone ring for ${seconds} s`, change };
        }
      }
    },
  },
  {
    id: 'transfer.sends',
    severity: 'error',
    scope: 'ours',
    about: 'The transfer to the AI sends a KVList, and names it.',
    *check({ toAi, script, context }) {
      for (const module of toAi) {
        if (textAt(module.data, 'send3rdParty') !== 'true') {
          const isLost = context.connection === 'carrier';
          yield {
            module,
            severity: isLost ? 'remark' : 'error',
            what: `it sends no data${isLost ? '; over a carrier the headers may be lost anyway' : ': the AI does not learn which call it is'}`,
            change: 'Tick Send Data to 3rd Party in the 3rd Party Transfer, and choose the KVList.',
          };
        } else if (kvListsNamed(module, script).length === 0) {
          yield {
            module,
            severity: 'open',
            what: 'Send Data is on, and no KVList of the script is chosen in it',
            change: 'Choose the KVList under Send Data in the 3rd Party Transfer.',
          };
        }
        const named = kvListsNamed(module, script);
        if (textAt(module.data, 'receive3rdParty') !== 'true' || named.length >= 2) continue;
        if (named.length === 1 && textAt(module.data, 'send3rdParty') !== 'true') continue;
        yield {
          module,
          severity: 'open',
          what: 'Receive Data is on, and no KVList of its own is chosen in it',
          change: 'Choose the KVList under Receive Data in the 3rd Party Transfer.',
        };
      }
    },
  },
];
