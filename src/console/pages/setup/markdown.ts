import { codeBlock } from '../../components/copy.ts';
import { externalLink } from '../../components/links.ts';
import { type Html, trusted } from '../../html.ts';

/** Markdown as markup: what stands in it as HTML is shown as text, and code can be copied. */
export interface Markdown {
  (text: string): Html;
  /** A line without a paragraph around it. */
  inline(text: string): Html;
}

let opening: Promise<Markdown> | undefined;

/** The library is loaded when a page wants it first. */
export function openMarkdown(): Promise<Markdown> {
  opening ??= load();
  return opening;
}

async function load(): Promise<Markdown> {
  const { default: markdownIt } = await import('markdown-it');
  // Headings are the page's own, and pictures would come from elsewhere.
  const library = markdownIt({ html: false }).disable(['heading', 'lheading', 'image']);
  const { rules } = library.renderer;
  const code = (content: string) => codeBlock(content.replace(/\n$/, '')).markup;
  rules.fence = (tokens, index) => code(tokens[index]?.content ?? '');
  rules.code_block = (tokens, index) => code(tokens[index]?.content ?? '');
  rules.table_open = () => '<div class="table-box" role="group" aria-label="Table" tabindex="0"><table>';
  rules.table_close = () => '</table></div>';
  // An alignment would be an attribute that the page's policy forbids.
  rules.th_open = () => '<th scope="col">';
  rules.td_open = () => '<td>';
  rules.link_open = (tokens, index) => {
    const link = externalLink(String(tokens[index]?.attrGet('href') ?? ''), '').markup;
    return link.startsWith('<a') ? link.slice(0, link.indexOf('>') + 1) : '<a>';
  };
  return Object.assign((text: string) => trusted(library.render(text)), {
    inline: (text: string) => trusted(library.renderInline(text)),
  });
}
