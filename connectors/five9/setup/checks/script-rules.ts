import type { CheckPlan } from './results.ts';

/** A check that speaks for some rules of the audit, and no other check for the same ones. */
export interface RuleCheck extends Pick<CheckPlan, 'id' | 'title' | 'looksAt'> {
  /** Rules by id, or the beginning of their ids up to the point. */
  rules: readonly string[];
  why: string;
  /** Beyond what all need. */
  needs?: readonly string[];
}

const transfer = 'the module 3rd Party Transfer';

/** In the order in which an admin fills a script in. What none of them names is for `scripts.audit`. */
export const ruleChecks: readonly RuleCheck[] = [
  {
    id: 'scripts.address',
    title: 'The Queries ask this Patchbay',
    looksAt: 'url of the Query modules, against server.publicUrl',
    rules: ['query.address'],
    why: 'A Query to another address takes its error branch: the call goes to people, and the AI never has it.',
  },
  {
    id: 'scripts.authorization',
    title: 'The Queries prove themselves',
    looksAt: 'authProfileHolder of the Query modules, against ivr.authProfile',
    rules: ['query.authorization'],
    why: 'Without the API key Patchbay answers 401, and the Query takes its error branch.',
  },
  {
    id: 'scripts.timeout',
    title: 'The Queries wait long enough, and not too long',
    looksAt: 'fetchTimeout of the Query modules, against budgets',
    rules: ['query.timeout'],
    why: 'While a Query waits the caller hears nothing; one that gives up too early misses the answer.',
  },
  {
    id: 'scripts.error-branch',
    title: 'A Query that fails leads to people',
    looksAt: 'exceptionalDescendant of the Query modules',
    rules: ['query.error-branch', 'query.error-to-ai'],
    why: 'Without a branch for it, a time-out ends the call.',
  },
  {
    id: 'scripts.parameters',
    title: 'The Queries say which call it is',
    looksAt: 'parameters and body of the Query modules',
    rules: ['query.call-id', 'query.body', 'query.personal-data'],
    why: 'Patchbay finds a call by its id, or the correlation ID; by a number alone several can be meant.',
  },
  {
    id: 'scripts.answers',
    title: "The Queries read Patchbay's answers",
    looksAt: 'responseInfos of the Query modules: status range, regular expression, groups',
    rules: ['response.'],
    why: 'What the regular expression does not take is missing in the rest of the script.',
  },
  {
    id: 'scripts.send-data',
    title: 'Send Data to 3rd Party is on, with a KVList',
    looksAt: `send3rdParty and receive3rdParty of ${transfer}`,
    rules: ['transfer.sends'],
    why: 'Without it no X- header goes out: the AI knows neither the customer nor which call it is.',
  },
  {
    id: 'headers.names',
    title: 'The KVList holds the configured headers',
    looksAt: 'keys of PUT in the modules Set Variable before the transfer, against headers of the configuration',
    rules: ['transfer.keys'],
    why: 'SigmaMind reads headers that begin with X- only, and the prompt sees those that are in the KVList.',
  },
  {
    id: 'scripts.return',
    title: 'Return After 3rd Party Call is as the handoff wants it',
    looksAt: `returnAfter3rdParty of ${transfer}, against script.handoff`,
    rules: ['transfer.returns'],
    why: 'Handoff A: without it the call is over for Five9 when the AI hangs up. Handoff B: with it the script goes on.',
  },
  {
    id: 'scripts.time',
    title: 'The transfer lets the AI answer, and finish',
    looksAt: `maxTimeOf3rdParty and ringingTimeout of ${transfer}`,
    rules: ['transfer.time', 'transfer.ringing'],
    why: 'At the end of the maximum time the call with the AI is cut; Five9 begins with 300 seconds.',
  },
  {
    id: 'scripts.number-form',
    title: 'The number of the AI is written as + and digits',
    looksAt: `thirdPartyNumber of ${transfer}`,
    rules: ['transfer.number'],
    why: 'A SIP trunk takes numbers in E.164; another form may go out over the public network, or nowhere.',
  },
  {
    id: 'scripts.branches',
    title: 'The Cases have a branch for every answer',
    looksAt: 'branches of the modules Case and If/Else behind the Queries',
    rules: ['case.no-match', 'case.branches', 'case.covers', 'case.unknown-value'],
    why: 'A call whose answer no branch waits for goes the way of No Match, or is cut.',
  },
  {
    id: 'scripts.dnc',
    title: 'An opt-out protects the number at once',
    looksAt: 'Set DNC modules on the route dnc',
    rules: ['case.dnc', 'ids.dnc'],
    why: 'Over the web services the number is on the DNC list only at night.',
  },
  {
    id: 'scripts.choices',
    title: 'Dispositions, skills and prompts are chosen in the modules',
    looksAt: 'ids of dispo, listOfSkillsEx and prompt',
    rules: ['ids.disposition', 'ids.skill', 'ids.prompt'],
    why: 'A name without its id counts as nothing chosen.',
  },
  {
    id: 'scripts.variables',
    title: 'The variables of the scripts are there',
    looksAt: 'userVariables, and Contact.… against getContactFields',
    rules: ['variables.'],
    why: 'A variable that is not there is empty, or the script can not be saved.',
    needs: ['fields.known', 'fields.used'],
  },
  {
    id: 'scripts.secrets',
    title: 'No password or key stands in a script',
    looksAt: 'headers, parameters, bodies and constants',
    rules: ['secrets.'],
    why: 'Everybody who may see or export the script could use it.',
  },
];

/** Of the transfer, and whether a script is one of ours: told by checks of their own. */
const toldElsewhere = ['script.not-ours', 'script.foreign-script'];

/** Whether a check speaks for a rule. */
export function covers(rules: readonly string[], rule: string): boolean {
  return rules.some((one) => (one.endsWith('.') ? rule.startsWith(one) : rule === one));
}

/** Whether a rule is left to `scripts.audit`. */
export function isLeft(rule: string): boolean {
  return !toldElsewhere.includes(rule) && !ruleChecks.some(({ rules }) => covers(rules, rule));
}
