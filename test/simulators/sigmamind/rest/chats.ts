import { Router } from 'express';
import { z } from 'zod';
import { instant, newSimId, type World } from '../world.ts';
import { sendError } from './state.ts';

const NewChat = z.object({
  agentId: z.string().min(1),
  input: z.string().max(20_480),
  dynamicVariables: z.record(z.string(), z.unknown()).default({}),
  previousChatId: z.string().optional(),
});
const Turn = z.object({ chatId: z.string(), input: z.string().max(20_480) });

interface SimChat {
  chatId: string;
  agentId: string;
  createdAt: string;
  turns: number;
}

/** Text conversations with an agent that repeats what it heard; `bye` ends one. */
export function createChatRoutes(world: World): Router {
  const routes = Router();
  const chats = new Map<string, SimChat>();

  routes.post('/chats', (request, response) => {
    const body = NewChat.safeParse(request.body);
    if (!body.success) return sendError(world, request, response, 400);
    const chat = { chatId: newSimId('chat'), agentId: body.data.agentId, createdAt: instant(world), turns: 0 };
    chats.set(chat.chatId, chat);
    response.status(201).json(answer(chat, body.data.input));
  });
  routes.post('/chats/response', (request, response) => {
    const turn = Turn.safeParse(request.body);
    if (!turn.success) return sendError(world, request, response, 400);
    const chat = chats.get(turn.data.chatId);
    if (!chat) return sendError(world, request, response, 404);
    response.status(201).json(answer(chat, turn.data.input));
  });
  return routes;
}

function answer(chat: SimChat, input: string) {
  chat.turns += 1;
  const content = [{ type: 'text', text: `I heard: ${input}` }];
  return {
    chatId: chat.chatId,
    createdAt: chat.createdAt,
    status: /\bbye\b/i.test(input) ? 'ended' : 'in_progress',
    response: [{ id: `item_${chat.turns}`, role: 'assistant', type: 'message', content }],
    agent: { agentId: chat.agentId },
  };
}
