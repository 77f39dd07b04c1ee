import type { IvrModule } from '../script-model.ts';
import { childOf, childrenOf, textAt, type XmlNode } from '../xml.ts';
import type { Problem, Rule } from './finding.ts';
import type { View } from './view.ts';

/** Variables, ids of the domain's objects, and what is foreign to us. */
export const valueRules: readonly Rule[] = [
  {
    id: 'variables.declared',
    severity: 'error',
    scope: 'any',
    about: "Variables are declared, or Five9's own, or fields of the contact that are there.",
    *check(view) {
      for (const module of [...view.script.modules, ...view.script.onHangup]) {
        const names = new Set(variablesUsed(module.data));
        for (const name of names) yield* strange(view, module, name);
      }
    },
  },
  {
    id: 'ids.disposition',
    severity: 'open',
    scope: 'any',
    about: 'A disposition of the domain is chosen with its id.',
    *check({ script }) {
      for (const module of [...script.modules, ...script.onHangup]) {
        const dispo = childOf(module.data, 'dispo');
        const name = textAt(dispo, 'name');
        const id = textAt(dispo, 'id');
        if (!dispo || (id !== '0' && id !== '') || /^(no disposition)?$/i.test(name)) continue;
        const what = `the disposition "${name}" is not chosen yet`;
        yield { module, what, change: 'Choose the disposition in the module, and save.' };
      }
    },
  },
  {
    id: 'ids.skill',
    severity: 'error',
    scope: 'any',
    about: 'A Skill Transfer names a skill with its id.',
    *check({ script }) {
      for (const module of script.modules.filter(({ tag }) => tag === 'skillTransfer')) {
        const skills = childrenOf(module.data, 'listOfSkillsEx');
        const change = 'Choose the skill in the Skill Transfer, and save.';
        if (skills.length === 0) yield { module, what: 'it names no skill', change };
        for (const skill of skills) {
          if (textAt(skill, 'varSelected') === 'true' || isRealId(textAt(skill, 'extrnalObj', 'id'))) continue;
          const name = textAt(skill, 'extrnalObj', 'name');
          if (name) yield { module, severity: 'open', what: `the skill "${name}" is not chosen yet`, change };
          else yield { module, what: 'it names no skill', change };
        }
      }
    },
  },
  {
    id: 'ids.prompt',
    severity: 'error',
    scope: 'any',
    about: 'A prompt from a file has an id: with 0 the script saves, and fails when it is run (error 1600).',
    *check({ script }) {
      for (const module of script.modules) {
        for (const node of everyNode(module.data, 'filePrompt')) {
          const data = childOf(node, 'promptData') ?? node;
          if (textAt(data, 'promptSelected') !== 'true' || isRealId(textAt(data, 'prompt', 'id'))) continue;
          const name = textAt(data, 'prompt', 'name');
          yield {
            module,
            what: `the prompt${name ? ` "${name}"` : ''} has no id`,
            change: 'Choose the prompt in the module.',
          };
        }
      }
    },
  },
  {
    id: 'ids.dnc',
    severity: 'open',
    scope: 'any',
    about: 'A Set DNC module is filled in.',
    *check({ script }) {
      for (const module of script.modules.filter(({ tag }) => tag === 'setDNC')) {
        if (module.data && module.data.children.length > 0) continue;
        yield {
          module,
          what: 'it is empty',
          change: 'Choose in the Set DNC module which numbers go onto the DNC list.',
        };
      }
    },
  },
  {
    id: 'script.foreign-script',
    severity: 'remark',
    scope: 'any',
    about: 'Other scripts that it calls are noted: they are judged by themselves.',
    *check({ script }) {
      for (const module of script.modules.filter(({ tag }) => tag === 'foreignScript')) {
        yield {
          module,
          what: 'another script goes on from here; what it does is not judged here',
          change: 'Audit that script too.',
        };
      }
    },
  },
  {
    id: 'script.not-ours',
    severity: 'remark',
    scope: 'any',
    about: 'A script that does not talk to Patchbay is judged by the general rules only.',
    *check({ isOurs, context }) {
      if (isOurs) return;
      const what = `nothing in it asks Patchbay (${context.publicUrl}): only the general rules were applied`;
      yield { what, change: 'Nothing, unless it should.' };
    },
  },
];

/** Names of elements that hold a variable's name. */
const holders = new Set(['variableName', 'variable', 'varName', 'agentVarName', 'targetVariableName']);

/** Not those that a regular expression or an answer fills: the response rules look at them. */
function variablesUsed(data: XmlNode | undefined): string[] {
  const names: string[] = [];
  const open: XmlNode[] = data ? [data] : [];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.name === 'responseInfos') continue;
    const isConstant = textAt(node, 'isVarSelected') === 'false';
    for (const child of node.children) {
      if (child.children.length > 0) open.push(child);
      else if (holders.has(child.name) && !isConstant && child.text.trim()) names.push(child.text.trim());
    }
    if (textAt(node, 'isVariableSelected') === 'true') names.push(textAt(node, 'value'));
  }
  return names;
}

const ofCall = new Set(
  `session_id call_id type type_name campaign_id campaign_name comments ANI DNIS disposition_id disposition_name length
  handle_time wrapup_time queue_time hold_time park_time bill_time start_timestamp end_timestamp skill_id skill_name number
  mediatype tcpa_date_of_consent language domain_id`.split(/\s+/),
);
const ofIvr = new Set(['last_state', 'last_module', 'error_code', 'error_desc']);

function* strange({ script, context }: View, module: IvrModule, name: string): Iterable<Problem> {
  if (/^__\w+__$/.test(name) || script.variables.has(name)) return;
  const [group = '', field = ''] = name.split(/\.(.*)/s);
  if (!name.includes('.')) {
    const what = `it uses the variable ${name.slice(0, 80)}, which is not declared`;
    yield { module, what, change: "Declare it in the script's variables, or choose another." };
  } else if ((group === 'Call' && !ofCall.has(field)) || (group === 'IVR' && !ofIvr.has(field))) {
    yield {
      module,
      severity: 'warning',
      what: `Five9 documents no variable ${name.slice(0, 80)}`,
      change: 'Choose it from the list.',
    };
  } else if (/^(Contact|Customer)$/.test(group) && context.contactFields && !isField(field, context.contactFields)) {
    yield {
      module,
      what: `contacts have no field ${field.slice(0, 80)}`,
      change: 'Create the field, or choose another.',
    };
  }
}

function isField(field: string, fields: ReadonlySet<string>): boolean {
  return fields.has(field) || field === '_record_id' || field === 'contact_id';
}

function isRealId(id: string): boolean {
  return /^-?\d*[1-9]\d*$/.test(id);
}

function everyNode(node: XmlNode | undefined, name: string): XmlNode[] {
  const found: XmlNode[] = [];
  const open: XmlNode[] = node ? [node] : [];
  for (let at = open.pop(); at; at = open.pop()) {
    if (at.name === name) found.push(at);
    for (const child of at.children) open.push(child);
  }
  return found;
}
