// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these texts are sources of templates
import { describe, expect, it } from 'vitest';
import { sourceFiles } from './source-files.ts';
import { templateFaults, templatesIn } from './template-rules.ts';

describe('the pages of the console', () => {
  const files = sourceFiles().filter(({ path }) => path.startsWith('src/console/'));

  it('hold no script, no style, and no value that could leave its attribute', () => {
    const faults = files.flatMap(({ path, source }) => templateFaults(path, source));

    expect(faults).toEqual([]);
  });

  it('are all looked at', () => {
    const templates = files.flatMap(({ source }) => templatesIn(source));

    expect(templates.length).toBeGreaterThan(40);
    expect(templates.some(({ markup }) => markup.includes('<table'))).toBe(true);
  });
});

describe('the rule for templates sees', () => {
  it.each([
    ['a value without quotes', 'html`<a href=${url}>x</a>`'],
    ['an attribute without quotes', 'html`<a href=/calls>x</a>`'],
    ['a value that is a whole attribute', 'html`<option ${isChosen}>x</option>`'],
    ['a handler', 'html`<a href="/calls" onclick="go()">x</a>`'],
    ['a style', "html`<a style='color: red'>x</a>`"],
    ['a style sheet', 'html`<style>p { color: red }</style>`'],
    ['a script', 'html`<script>go()</script>`'],
    ['the name of a tag', 'html`<${name}>x</p>`'],
    ['what stands within another', 'html`<p>${rows.map((row) => html`<b class=${row}>x</b>`)}</p>`'],
    ['what stands behind a value with braces', 'html`<p ${attributes({ id })}>x</p><i class=${x}>y</i>`'],
  ])('%s', (_name, source) => {
    expect(templateFaults('page.ts', source).length).toBeGreaterThan(0);
  });

  it.each([
    ['values in quotes', 'html`<a href="${url}" class="a ${b}">${text}</a>`'],
    ['attributes that may be absent', 'html`<li ${attributes({ id, title: \'>\' })} class="x">${text}</li>`'],
    ['our own scripts', 'html`<script src="${url}" type="module"></script>`'],
    ['a comparison in a value', 'html`<p>${a < b && c > d ? `${a}` : "<"}</p>`'],
  ])('nothing wrong in %s', (_name, source) => {
    expect(templateFaults('page.ts', source)).toEqual([]);
  });
});
