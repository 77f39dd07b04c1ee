import type { Command } from '../../../src/domain/connector.ts';
import { say } from '../../shared/answers.ts';
import { ways } from '../setup/carrier-config.ts';
import type { Snippet } from '../setup/snippets/site.ts';
import { choose, makeSnippets, readTopics, readWay, snippetTopics } from '../setup/snippets/snippets.ts';
import type { Vicidial } from '../vicidial.ts';

const techs = ['chan_sip', 'pjsip'] as const;

/** Prints what an admin has to enter, the site's own names filled in; never a secret. */
export function snippetsCommand({ id, config, deps }: Vicidial): Command {
  return {
    name: 'snippets',
    summary: 'prints the texts that set VICIdial up, ready to paste',
    arguments: [{ name: 'what', summary: `only one: ${snippetTopics.join(', ')}`, isRequired: false }],
    options: [
      { flags: '--way <way>', summary: `how the dialplan comes by the headers: ${ways.join(', ')}` },
      { flags: '--tech <driver>', summary: `channel driver: ${techs.join(', ')} (Default: carrier.tech)` },
    ],
    isOffline: () => true,
    async run([what], options, output) {
      const tech =
        typeof options.tech === 'string' ? choose(options.tech, techs, 'channel driver') : config.carrier.tech;
      const way = readWay(typeof options.way === 'string' ? options.way : undefined);
      const site = { id, publicUrl: deps.publicUrl, config: { ...config, carrier: { ...config.carrier, tech } } };
      const snippets = makeSnippets(site, readTopics(what), way);
      for (const snippet of snippets) say(output, snippet, linesOf(snippet));
      return 0;
    },
  };
}

/** The text itself stands alone between blank lines, so that it can be copied as a whole. */
function linesOf({ name, where, text, notes }: Snippet): string[] {
  return [`# ${name}: ${where}`, ...notes.map((note) => `# - ${note}`), '', ...text.split('\n'), ''];
}
