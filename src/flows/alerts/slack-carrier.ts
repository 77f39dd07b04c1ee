import type { Letter } from '../../domain/letter.ts';
import { type Carrier, type ChannelDeps, type ChannelSettings, channelTimeoutMs } from './channel.ts';
import { digestParts } from './digest-words.ts';
import { linkOf, mostItems, restWords, sinceWords, subjectOf, whatWords, wordsOfItem } from './letter-words.ts';
import { postJson, reachUrl } from './post-json.ts';

/** An incoming webhook as Slack has it; others understand at least its `text`. */
export function createSlackCarrier({ url }: Extract<ChannelSettings, { kind: 'slack' }>, deps: ChannelDeps): Carrier {
  const timeoutMs = deps.timeoutMs ?? channelTimeoutMs;
  return {
    send: ({ letter }) =>
      postJson({ url, body: JSON.stringify(messageOf(letter, deps)), timeoutMs, now: () => deps.wallClock.now() }),
    reach: () => reachUrl(url, timeoutMs),
  };
}

/** Slack takes 50 blocks with 3,000 characters of text each. */
const mostText = 2900;

function messageOf(letter: Letter, deps: ChannelDeps): object {
  const title = subjectOf(letter, deps);
  const head = { type: 'header', text: { type: 'plain_text', text: title.slice(0, 150) } };
  return { text: plain(title), blocks: [head, ...sectionsOf(letter, deps).map(section)] };
}

function sectionsOf(letter: Letter, deps: ChannelDeps): string[] {
  switch (letter.kind) {
    case 'alerts': {
      const told = letter.items.slice(0, mostItems).map((item) => {
        const { words, advice } = wordsOfItem(item);
        const link = `<${linkOf(deps, item.kind)}|Open>`;
        const mark =
          item.what === 'over' ? ':white_check_mark:' : item.level === 'urgent' ? ':rotating_light:' : ':warning:';
        const rest = item.what === 'over' ? '' : `\n${plain(advice)}`;
        return `${mark} *${plain(words)}*\n${plain(whatWords[item.what])}, ${plain(sinceWords(item, deps))} · ${link}${rest}`;
      });
      return [...told, ...restWords(letter.items).map(plain)];
    }
    case 'digest':
      return digestParts(letter.digest, deps).map(
        ({ title, lines }) => `*${plain(title)}*\n${lines.map((line) => `• ${plain(line)}`).join('\n')}`,
      );
    case 'test':
      return ['This is a test. If you read it, the channel works.'];
  }
}

function section(text: string): object {
  return { type: 'section', text: { type: 'mrkdwn', text: text.slice(0, mostText) } };
}

/** The three signs that Slack wants escaped. */
function plain(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
