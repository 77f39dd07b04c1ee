import { element, type XmlNode } from '../xml.ts';

/**
 * Puts modules and variables into a definition; everything else of it stays as it is.
 *
 * @param frame what `createIVRScript` gave, or a script that is there already
 */
export function fillFrame(
  frame: XmlNode,
  content: { modules: XmlNode[]; modulesOnHangup: XmlNode[]; userVariables: XmlNode[] },
): XmlNode {
  const filled = { ...frame, children: [...frame.children] };
  for (const [name, children] of Object.entries(content)) {
    const node = element(name, children);
    const place = filled.children.findIndex((child) => child.name === name);
    if (place >= 0) filled.children[place] = node;
    else filled.children.splice(placeOf(filled, name), 0, node);
  }
  return filled;
}

const order = ['domainId', 'properties', 'modules', 'modulesOnHangup', 'userVariables'];

/** Behind the last of the elements that come before it in every export. */
function placeOf(frame: XmlNode, name: string): number {
  const before = order.slice(0, order.indexOf(name));
  return frame.children.findLastIndex((child) => before.includes(child.name)) + 1;
}

/**
 * An empty definition, for a script that is made without asking the domain. Assumed, not known: that Five9 takes a script
 * without `domainId` and without its own default prompts, and of this version.
 */
export function emptyFrame(): XmlNode {
  const texts = ['Prompts', 'VIVRPrompts', 'TextPrompts', 'MenuChoices', 'EwtAnnouncement'];
  return element('ivrScript', [
    element('properties'),
    element('modules'),
    element('modulesOnHangup'),
    element('userVariables'),
    ...texts.map((what) => element(`multiLanguages${what}`)),
    element('languages'),
    element('functions'),
    element('defaultLanguage', 'en-US'),
    element('defaultMethod', 'GET'),
    element('defaultFetchTimeout', 5),
    element('showLabelNames', true),
    element('defaultVivrTimeout', 5),
    element('unicodeEncoding', false),
    element('useShortcut', false),
    element('resetErrorCode', true),
    element('showAllChannelPrompts', false),
    element('extContactFieldsInput', true),
    element('extContactFieldsOutput', true),
    element('timeoutInMilliseconds', 3_600_000),
    element('version', 1_100_008),
  ]);
}
