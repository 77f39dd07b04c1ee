import type { MadeThing, PlannedChange, SetupRun, SetupStep, UndoAnswer } from '../../../../src/domain/setup.ts';
import { blockIn, isTorn, promptBlock, withBlock, withoutBlock } from '../prompt-block.ts';
import { agentIdsOf, lookAtSite, nameOfAgent, type SetupDeps } from '../seen-site.ts';
import { change, textOf } from './change.ts';

/** Puts a marked block into each agent's instructions; the rest of them is left as it is. */
export function promptStep(setup: SetupDeps): SetupStep {
  return {
    id: 'prompt',
    title: 'Tell the agents of the data of a call, and how to end it',
    kind: 'api',
    phase: 'platform',
    checks: ['prompt.correlation-id', 'prompt.variables', 'prompt.commit'],
    describe: () =>
      [
        `This block goes to the end of the instructions of each agent (${agentIdsOf(setup.config).join(', ')}): dashboard → Agents → the agent → Instructions.`,
        '',
        '```text',
        promptBlock(setup.deps.promptWords()),
        '```',
        '',
        'SigmaMind shows a variable only where the prompt uses it, so each header that a dialer sends has its line. The marks at both ends let set-up find the block again: write around it, not into it.',
      ].join('\n'),
    plan: async () => planBlocks(setup),
    apply: (run) => applyBlocks(setup, run),
    undo: (made) => undoBlock(setup, made),
  };
}

const tornWords =
  'one of the marks [Patchbay: begin] and [Patchbay: end] is missing in the instructions: write it back, or delete what is left of the block';

async function planBlocks(setup: SetupDeps): Promise<PlannedChange[]> {
  const block = promptBlock(setup.deps.promptWords());
  const site = lookAtSite(setup);
  return Promise.all(
    agentIdsOf(setup.config).map(async (agentId): Promise<PlannedChange> => {
      const agent = await site.agent(agentId);
      const what = `prompt of ${agent ? nameOfAgent(agent) : agentId}`;
      if (!agent) return { what, state: 'blocked', detail: `there is no agent ${agentId}: see the step "agent"` };
      if (isTorn(agent.instructions)) return { what, state: 'blocked', detail: tornWords };
      const present = blockIn(agent.instructions);
      if (present === block) return { what, state: 'there', detail: 'the block is in it' };
      if (present) return { what, state: 'differs', detail: 'the block in it is replaced; the rest stays as it is' };
      return { what, state: 'missing', detail: 'the block is put behind what is there' };
    }),
  );
}

async function applyBlocks(setup: SetupDeps, run: SetupRun): Promise<void> {
  const block = promptBlock(setup.deps.promptWords());
  for (const agentId of agentIdsOf(setup.config)) {
    // Read right before it is sent back whole: what somebody else writes meanwhile would be lost.
    const agent = await lookAtSite(setup).agent(agentId);
    if (!agent) continue;
    const { instructions } = agent;
    const before = blockIn(instructions);
    if (before === block || isTorn(instructions)) continue;
    await change(run, `prompt of ${nameOfAgent(agent)}`, { agentId, before, after: block }, () =>
      setup.api.updateAgent(agentId, { instructions: withBlock(instructions, block) }),
    );
  }
}

async function undoBlock(setup: SetupDeps, made: MadeThing): Promise<UndoAnswer> {
  const [agentId, before, after] = ['agentId', 'before', 'after'].map((name) => textOf(made, name));
  if (!agentId || !after) return { kind: 'gone' };
  const agent = await lookAtSite(setup).agent(agentId);
  if (!agent) return { kind: 'gone' };
  if (isTorn(agent.instructions)) return { kind: 'changed', why: `${nameOfAgent(agent)}: ${tornWords}` };
  const present = blockIn(agent.instructions);
  if (present === before) return { kind: 'gone' };
  if (present !== after)
    return { kind: 'changed', why: `the block in the prompt of ${nameOfAgent(agent)} is another one now` };
  const instructions = before ? withBlock(agent.instructions, before) : withoutBlock(agent.instructions, after);
  await setup.api.updateAgent(agentId, { instructions });
  return { kind: 'undone' };
}
