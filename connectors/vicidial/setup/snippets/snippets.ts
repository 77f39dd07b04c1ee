import { ConnectorError } from '../../../../src/domain/errors.ts';
import { type Way, wayOf, ways } from '../carrier-config.ts';
import { apiUserSnippet } from './api-user.ts';
import { campaignSnippet } from './campaign.ts';
import { carrierSnippets } from './carrier.ts';
import { grantsSnippet } from './grants.ts';
import { remoteAgentSnippet } from './remote-agent.ts';
import type { Site, Snippet } from './site.ts';
import { startUrlSnippet } from './start-url.ts';

/** What a site's admin has to enter, in the order of the set-up. */
export const snippetTopics = ['grants', 'api-user', 'carrier', 'remote-agent', 'campaign', 'start-url'] as const;
export type SnippetTopic = (typeof snippetTopics)[number];

/**
 * Makes the texts that set a VICIdial up, all names of the site filled in.
 *
 * @param way how the carrier's dialplan comes by the headers (Default: as configured)
 */
export function makeSnippets(site: Site, topics: readonly SnippetTopic[], way?: Way): Snippet[] {
  return topics.flatMap((topic) => snippetsOf(site, topic, way));
}

function snippetsOf(site: Site, topic: SnippetTopic, way: Way | undefined): Snippet[] {
  switch (topic) {
    case 'grants':
      return [grantsSnippet(site)];
    case 'api-user':
      return [apiUserSnippet(site)];
    case 'carrier':
      return carrierSnippets(site, way ?? wayOf(site.config.carrier));
    case 'remote-agent':
      return [remoteAgentSnippet(site)];
    case 'campaign':
      return [campaignSnippet(site)];
    case 'start-url':
      return [startUrlSnippet(site)];
  }
}

/** Reads what the operator asked for; throws with the choices when it is none of them. */
export function readTopics(word: string | undefined): readonly SnippetTopic[] {
  if (word === undefined) return snippetTopics;
  return [choose(word, snippetTopics, 'snippet')];
}

export function readWay(word: string | undefined): Way | undefined {
  return word === undefined ? undefined : choose(word, ways, 'way');
}

/** One of the words that are allowed. */
export function choose<Word extends string>(word: string, words: readonly Word[], what: string): Word {
  const found = words.find((each) => each === word);
  if (found) return found;
  throw new ConnectorError('bad_request', `there is no ${what} called "${word.slice(0, 40)}"`, {
    hint: `Choose one of: ${words.join(', ')}.`,
  });
}
