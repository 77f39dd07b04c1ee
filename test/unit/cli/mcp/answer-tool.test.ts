import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answerTool } from '../../../../src/cli/mcp/answer-tool.ts';
import { type Desk, defineTool, looks, type Told, type Tool } from '../../../../src/cli/mcp/tool.ts';
import { ConnectorError } from '../../../../src/domain/errors.ts';

const logged: [fields: object, message: string][] = [];
const silent = () => undefined;
const desk: Desk = {
  open: () => Promise.reject(new Error('no tool of this test asks for it')),
  examine: () => Promise.reject(new Error('no tool of this test asks for it')),
  sight: { showsWords: false },
  by: 'mcp:ada',
  log: { debug: silent, info: silent, warn: silent, error: (fields, message) => void logged.push([fields, message]) },
  close: async () => undefined,
};

type Run = (desk: Desk, input: object, signal: AbortSignal) => Promise<Told<{ told: string }>>;

function toolThat(run: Run, withinMs = 30_000): Tool {
  const output = z.object({ told: z.string() });
  const named = { name: 'tell', title: 'Tell', description: 'Tells.' };
  return defineTool({ ...named, input: z.strictObject({}), output, hints: looks, withinMs, run });
}

describe('an answer', () => {
  it('holds what the tool says that it tells, and nothing more', async () => {
    const tool = toolThat(async () => ({ text: 'Told.', data: { told: 'this', ...{ phone: '+13125550144' } } }));

    const answer = await answerTool(tool, desk, {});

    expect(answer).toEqual({
      content: [
        { type: 'text', text: 'Told.' },
        { type: 'text', text: '{"told":"this"}' },
      ],
      structuredContent: { told: 'this' },
    });
  });

  it('that is too long is refused with what to ask instead', async () => {
    const { isError, content } = await answerTool(
      toolThat(async () => ({ text: '', data: { told: 'x'.repeat(70_000) } })),
      desk,
      {},
    );

    expect(isError).toBe(true);
    expect(content[0]?.text).toContain('a smaller limit');
  });
});

describe('a failure', () => {
  it('of ours says what can be done, without a number', async () => {
    const fault = new ConnectorError('bad_request', 'there is no "312-555-0144"', { hint: 'Ask for another.' });

    const { isError, content, structuredContent } = await answerTool(
      toolThat(() => Promise.reject(fault)),
      desk,
      {},
    );

    expect([isError, structuredContent]).toEqual([true, undefined]);
    expect(content[0]?.text).toBe('there is no "••• ••• 0144"\nAsk for another.');
  });

  it('that nobody thought of is logged, and its words are not told', async () => {
    const { isError, content } = await answerTool(
      toolThat(() => Promise.reject(new Error('Ada broke it'))),
      desk,
      {},
    );

    expect(isError).toBe(true);
    expect(content[0]?.text).not.toContain('Ada');
    expect(logged).toEqual([[{ tool: 'tell', reason: 'Ada broke it' }, 'a tool of the assistant failed']]);
  });

  it('to answer in time is an answer, and the work is told to stop', async () => {
    let wasTold = false;
    const hanging = toolThat((_desk, _input, signal) => {
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          wasTold = true;
          reject(new Error('stopped'));
        });
      });
    }, 20);

    const { isError, content } = await answerTool(hanging, desk, {});

    expect([isError, wasTold]).toEqual([true, true]);
    expect(content[0]?.text).toContain('took longer than 0.02 s');
  });
});
