import type {
  JsonFields,
  MadeThing,
  PlannedChange,
  SetupRun,
  SetupStep,
  UndoAnswer,
} from '../../../../src/domain/setup.ts';
import type { Agent } from '../../api/agents.ts';
import { analysisOf, type Lack, lacking, type NeededInsight, neededInsights } from '../insights.ts';
import { agentIdsOf, lookAtSite, nameOfAgent, type SetupDeps } from '../seen-site.ts';
import { type AnalysisChange, changeOf, changeTaken, isUsedSince, settingsWith } from './analysis-change.ts';
import { change, textOf } from './change.ts';

/** Adds the fields that our rules read to the analysis of each agent; what else is analysed stays. */
export function analysisStep(setup: SetupDeps): SetupStep {
  const needed = neededInsights(setup.config.analysis);
  return {
    id: 'analysis',
    title: 'Have each call analysed after it',
    kind: 'api',
    phase: 'platform',
    checks: ['analysis.fields'],
    describe: () =>
      [
        `For each agent (${agentIdsOf(setup.config).join(', ')}): dashboard → Agents → the agent → Settings → Post-conversation analysis: switch it on, and add what is missing of:`,
        '',
        '| Field | Options | Instruction |',
        '| --- | --- | --- |',
        ...needed.map(
          (insight) => `| ${insight.name} | ${insight.options.join(', ') || 'any text'} | ${instructionOf(insight)} |`,
        ),
        '',
        "How SigmaMind takes a change of an agent's settings (merged, or replaced as a whole) is not documented: set-up reads them, changes these fields, and sends the whole back.",
      ].join('\n'),
    plan: () => planAnalysis(setup, needed),
    apply: (run) => applyAnalysis(setup, needed, run),
    undo: (made) => undoAnalysis(setup, made),
  };
}

async function planAnalysis(setup: SetupDeps, needed: readonly NeededInsight[]): Promise<PlannedChange[]> {
  const site = lookAtSite(setup);
  return Promise.all(
    agentIdsOf(setup.config).map(async (agentId): Promise<PlannedChange> => {
      const agent = await site.agent(agentId);
      const what = `analysis of ${agent ? nameOfAgent(agent) : agentId}`;
      if (!agent) return { what, state: 'blocked', detail: `there is no agent ${agentId}: see the step "agent"` };
      const { isOn, lacks } = lacksOf(agent, needed);
      const parts = [...(isOn ? [] : ['switch it on']), ...lacks.map(wordsOf)];
      if (parts.length === 0) return { what, state: 'there', detail: needed.map(({ name }) => name).join(', ') };
      return { what, state: isOn ? 'differs' : 'missing', detail: parts.join('; ') };
    }),
  );
}

async function applyAnalysis(setup: SetupDeps, needed: readonly NeededInsight[], run: SetupRun): Promise<void> {
  for (const agentId of agentIdsOf(setup.config)) {
    // Read right before it is sent back whole: what somebody else changes meanwhile would be lost.
    const agent = await lookAtSite(setup).agent(agentId);
    if (!agent) continue;
    const { isOn, lacks } = lacksOf(agent, needed);
    if (isOn && lacks.length === 0) continue;
    const wanted = changeOf(agent, lacks, instructionOf);
    const undoData = { agentId: agent.agentId, change: wanted as unknown as JsonFields };
    await change(run, `analysis of ${nameOfAgent(agent)}`, undoData, () =>
      setup.api.updateAgent(agent.agentId, { agentSettings: settingsWith(agent, wanted.after) }),
    );
  }
}

async function undoAnalysis(setup: SetupDeps, made: MadeThing): Promise<UndoAnswer> {
  const agent = await lookAtSite(setup).agent(textOf(made, 'agentId'));
  const done = made.undoData.change as unknown as AnalysisChange | undefined;
  if (!agent || !done) return { kind: 'gone' };
  const taken = changeTaken(agent, done);
  if (taken === 'before') return { kind: 'gone' };
  if (taken === 'other' || isUsedSince(agent, done)) {
    return { kind: 'changed', why: `the analysis of ${nameOfAgent(agent)} is another one now` };
  }
  await setup.api.updateAgent(agent.agentId, { agentSettings: settingsWith(agent, done.before) });
  return { kind: 'undone' };
}

function lacksOf(agent: Agent, needed: readonly NeededInsight[]): { isOn: boolean; lacks: Lack[] } {
  const analysis = analysisOf(agent);
  return { isOn: analysis.isOn, lacks: lacking(analysis, needed) };
}

function wordsOf({ insight, isThere, missingOptions }: Lack): string {
  return isThere ? `add to ${insight.name}: ${missingOptions.join(', ')}` : `add ${insight.name}`;
}

function instructionOf({ name, options, use }: NeededInsight): string {
  if (use === 'summary') return 'Sum up the conversation in one or two sentences.';
  if (use === 'callback time')
    return 'When the customer wants to be called back, as ISO-8601 with the offset from UTC; empty when they do not.';
  return options.length > 0
    ? `Which of the options fits "${name}" best in this conversation.`
    : `What the conversation says of "${name}"; empty when nothing.`;
}
