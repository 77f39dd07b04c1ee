import { callRecord } from '../payloads.ts';
import type { SimCall, World } from '../world.ts';
import type { Row } from './state.ts';

/** A call record as the switched generation of the platform writes it. */
export function shownCall(world: Pick<World, 'switches'>, call: SimCall): Row {
  const record = { ...callRecord(call, world.switches), campaign: call.campaign ?? null };
  const { generation } = world.switches;
  if (generation === 'g3') return record;
  const { dynamicVariables, transcript: _, postConversationAnalysis, ...rest } = record as Row;
  const isFirst = generation === 'g1';
  return {
    ...rest,
    variables: dynamicVariables,
    status: isFirst ? (oldStatuses[call.status] ?? call.status) : call.status,
    terminationReason: call.terminationReason === 'user_ended_call' ? 'customer_ended_call' : call.terminationReason,
    ...(isFirst && { conversationId: Number.parseInt(call.callId.slice(-4), 36) }),
    ...(!isFirst && postConversationAnalysis !== undefined && { postConversationInsights: postConversationAnalysis }),
  };
}

const oldStatuses: Readonly<Record<string, string>> = {
  ended: 'completed',
  'not-connected': 'failed',
  error: 'failed',
  'in-progress': 'in_progress',
};
