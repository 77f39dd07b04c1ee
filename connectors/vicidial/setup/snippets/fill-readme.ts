import { VicidialConfig } from '../../config.ts';
import type { Site } from './site.ts';
import { choose, makeSnippets, readWay, snippetTopics } from './snippets.ts';

/** `<!-- snippet carrier-dialplan chan_sip curl -->` … `<!-- /snippet -->`, driver and way only where they matter. */
const marker = /(<!-- snippet ([a-z-]+)(?: (chan_sip|pjsip) ([a-z-]+))? -->\n)[\s\S]*?(<!-- \/snippet -->)/g;

/** The page with every snippet between its markers as the command prints it for a made-up site. */
export function fillReadme(page: string): string {
  return page.replace(marker, (_whole, begin: string, name: string, tech: string, way: string, end: string) => {
    const site = madeUpSite(tech === 'pjsip' ? 'pjsip' : 'chan_sip');
    const topic = choose(name.startsWith('carrier-') ? 'carrier' : name, snippetTopics, 'snippet');
    const found = makeSnippets(site, [topic], readWay(way)).find((snippet) => snippet.name === name);
    if (!found) throw new Error(`the page asks for ${name}, which ${tech} by ${way} does not have`);
    const notes = found.notes.map((note) => `- ${note}`);
    return `${begin}\n_${found.where}._\n\n\`\`\`\n${found.text}\n\`\`\`\n\n${notes.join('\n')}\n\n${end}`;
  });
}

function madeUpSite(tech: 'chan_sip' | 'pjsip'): Site {
  const config = VicidialConfig.parse({
    type: 'vicidial',
    api: { url: 'http://dialer.example.com/vicidial/non_agent_api.php', user: 'patchbay', pass: 'unused' },
    database: { host: 'dialer.example.com', user: 'patchbay', password: 'unused' },
    timeZone: 'America/Denver',
    sync: { lists: [101] },
    customFields: ['plan'],
    campaigns: { SPRING: {} },
    fastAgi: {},
    carrier: { number: '+19895551234', tech },
  });
  return { id: 'vicidial', config, publicUrl: 'https://patchbay.example.com' };
}
