import { z } from 'zod';
import type { ApiRequests } from './request.ts';
import { Id, Text, Word } from './values.ts';

/** What was said comes as text, or as parts that hold text. */
const Content = z
  .union([z.string(), z.array(z.union([z.string(), z.looseObject({ text: Text })]))])
  .nullish()
  .catch(null)
  .transform((content) =>
    typeof content === 'string' || !content
      ? (content ?? '')
      : content.map((each) => (typeof each === 'string' ? each : each.text)).join(' '),
  );

/** A text conversation. Status: `in_progress`, `ended`, `error`, or another. */
export const Chat = z.object({
  chatId: Id,
  status: Word,
  response: z
    .array(z.looseObject({ role: Word, content: Content }))
    .nullish()
    .catch(null)
    .transform((turns) => turns ?? []),
});
export type Chat = z.infer<typeof Chat>;

/** Text conversations: a trial of prompt, variables and tools without a telephone. */
export interface ChatsApi {
  createChat(chat: {
    agentId: string;
    /** At most 20480 characters. */
    input: string;
    dynamicVariables: Readonly<Record<string, string>>;
    previousChatId?: string;
  }): Promise<Chat>;
  respondToChat(chatId: string, input: string): Promise<Chat>;
}

export function chatsApi(requests: ApiRequests): ChatsApi {
  return {
    createChat: (chat) => requests.write('POST', ['chats'], chat, Chat),
    respondToChat: (chatId, input) => requests.write('POST', ['chats', 'response'], { chatId, input }, Chat),
  };
}
