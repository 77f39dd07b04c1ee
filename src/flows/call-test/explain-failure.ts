import type { Examination } from '../doctor/examine-site.ts';
import type { Checked } from '../doctor/run-checks.ts';
import type { TroubleVerdict } from '../doctor/trouble.ts';
import type { StageId } from './stages.ts';

/** What the doctor knows about a stage that did not come. */
export interface FailureHelp {
  /** Checks that are not ok, those that concern the stage first. */
  checks: readonly Checked[];
  /** Troubleshooting entries of the guides that describe it. */
  troubles: readonly TroubleVerdict[];
}

interface Topic {
  /** Names and titles of checks that concern the stage. */
  checks: RegExp;
  /** Titles of troubleshooting entries that describe how it looks to a user. */
  troubles: RegExp;
}

const topics: Readonly<Record<StageId, Topic>> = {
  dialled: {
    checks: /campaign|hopper|list|dial|lead|hours|skill|quota/i,
    troubles: /not reach|not available|dial/i,
  },
  answered: { checks: /campaign|carrier|caller|dial|sip\.|lines|routing|amd/i, troubles: /not reach|not available/i },
  registered: {
    checks: /public-url|carrier|script|agi|curl|key|dialplan|start-url|bound|routing|lines|headers/i,
    troubles: /not reach|not available|variables/i,
  },
  headers: { checks: /header|script|carrier|gate|hours|consent/i, troubles: /variables/i },
  'picked-up': {
    checks: /remote-agent|routing|carrier|number|agent|sip|script|transfer|line|published|webhook/i,
    troubles: /not reach|not answer|no record/i,
  },
  variables: { checks: /header|prompt|variable|script|carrier|connection/i, troubles: /variables/i },
  outcome: { checks: /webhook|tool|analysis|prompt|agent|public-url/i, troubles: /context|no record/i },
  'hand-back': {
    checks: /script|return|skill|outcome|transfer|handoff|user|api/i,
    troubles: /finishes|route|context/i,
  },
  disposition: {
    checks: /disposition|status|mapping|outcome|right|user|grant|quota|field/i,
    troubles: /stays as|disposition|context/i,
  },
};

/** Which checks, and which entries of the guides' troubleshooting, speak of the stage. Pure. */
export function explainFailure(stage: StageId, { checked, troubles }: Examination): FailureHelp {
  const topic = topics[stage];
  const concerns = ({ id, title }: Checked) => topic.checks.test(id) || topic.checks.test(title);
  // What is unknown for want of another check is told by that one.
  const bad = checked.filter(({ status, causes }) => status !== 'ok' && causes.length === 0);
  const rank = (each: Checked) => (concerns(each) ? 0 : 10) + ['fail', 'warn', 'unknown'].indexOf(each.status);
  const checks = bad.filter((each) => each.status === 'fail' || concerns(each)).sort((a, b) => rank(a) - rank(b));

  const alike = troubles.filter(({ title }) => topic.troubles.test(title));
  // Entries that a failed check bears out; where there are none, all that look like it.
  const borneOut = alike.filter(({ status }) => status === 'fail');
  return { checks, troubles: borneOut.length > 0 ? borneOut : alike };
}
