import { type IvrModule, readScript } from '../script-model.ts';
import { childOf, childrenOf, textAt, type XmlNode } from '../xml.ts';

/** What only a script made in Five9 itself can tell: ids of the domain, and blocks whose elements are not documented. */
export interface Seed {
  /** References to authorization profiles by name, as the seed's Queries have them. */
  profiles: ReadonlyMap<string, XmlNode>;
  /** Numeric ids by disposition. */
  dispositions: ReadonlyMap<string, string>;
  /** Numeric ids by skill. */
  skills: ReadonlyMap<string, string>;
  skillBlock: readonly XmlNode[] | undefined;
  transfer: SeedTransfer | undefined;
  setDnc: readonly XmlNode[] | undefined;
  /** Entries of `userVariables` by name: a block may name one. */
  variables: ReadonlyMap<string, XmlNode>;
}

export interface SeedTransfer {
  block: readonly XmlNode[];
  /** Name of the seed's KVList that is sent to the third party; empty when none was chosen. */
  sends: string;
  /** Name of the KVList that is filled by the third party; empty when none was chosen. */
  receives: string;
}

/** Learns what a seed has; what it lacks stays undefined. Any export of Five9 may serve. */
export function learnSeed(root: XmlNode): Seed {
  const script = readScript(root);
  const of = (tag: string) => script.modules.filter((module) => module.tag === tag);
  const kvLists = [...script.variables.values()].filter(({ type }) => type === 'KVLIST').map(({ name }) => name);
  const skills = of('skillTransfer');
  return {
    profiles: profilesOf(of('query')),
    dispositions: idsOf([...script.modules, ...script.onHangup].map(({ data }) => childOf(data, 'dispo'))),
    skills: idsOf(
      skills.flatMap(({ data }) => childrenOf(data, 'listOfSkillsEx').map((list) => childOf(list, 'extrnalObj'))),
    ),
    skillBlock: skills[0]?.data?.children,
    transfer: findTransfer(of('thirdPartyTransfer'), kvLists),
    setDnc: of('setDNC').map(({ data }) => data?.children ?? [])[0],
    variables: new Map(
      childrenOf(childOf(root, 'userVariables'), 'entry').map((entry) => [textAt(entry, 'key'), entry]),
    ),
  };
}

/** Both together; what both have comes from the first. */
export function mergeSeeds(first: Seed | undefined, second: Seed): Seed {
  if (!first) return second;
  return {
    profiles: new Map([...second.profiles, ...first.profiles]),
    dispositions: new Map([...second.dispositions, ...first.dispositions]),
    skills: new Map([...second.skills, ...first.skills]),
    skillBlock: first.skillBlock ?? second.skillBlock,
    transfer: first.transfer ?? second.transfer,
    setDnc: first.setDnc ?? second.setDnc,
    variables: new Map([...second.variables, ...first.variables]),
  };
}

function profilesOf(queries: readonly IvrModule[]): Map<string, XmlNode> {
  const holders = queries.flatMap(({ data }) => childOf(data, 'authProfileHolder') ?? []);
  const chosen = holders.filter((holder) => isRealId(textAt(holder, 'extrnalObj', 'id')));
  return new Map(chosen.map((holder) => [textAt(holder, 'extrnalObj', 'name'), holder]));
}

function idsOf(nodes: readonly (XmlNode | undefined)[]): Map<string, string> {
  const pairs = nodes.map((node) => [textAt(node, 'name'), textAt(node, 'id')] as const);
  return new Map(pairs.filter(([name, id]) => name !== '' && isRealId(id)));
}

/** 0 is what Five9 writes where nothing was chosen. */
function isRealId(id: string): boolean {
  return /^-?[1-9]\d*$/.test(id);
}

/** The first transfer that names a KVList; else none, since its block would tell nothing that we don't know. */
function findTransfer(transfers: readonly IvrModule[], kvLists: readonly string[]): SeedTransfer | undefined {
  for (const { data } of transfers) {
    const block = data?.children ?? [];
    const places = block.flatMap((node) => placesOf(node, kvLists, ''));
    const sendsOnly = textAt(data, 'receive3rdParty') !== 'true';
    const receivesOnly = textAt(data, 'send3rdParty') !== 'true';
    if (places.length === 1 && sendsOnly !== receivesOnly) {
      const kvList = places[0]?.kvList ?? '';
      return { block, sends: sendsOnly ? kvList : '', receives: receivesOnly ? kvList : '' };
    }
    if (places.length > 0) return { block, ...judgePlaces(places) };
  }
  return undefined;
}

interface Place {
  /** Names of the elements down to it. */
  path: string;
  kvList: string;
}

/** Where a KVList is named, whatever the element is called. */
function placesOf(node: XmlNode, kvLists: readonly string[], above: string): Place[] {
  const path = `${above}/${node.name}`;
  if (node.children.length > 0) return node.children.flatMap((child) => placesOf(child, kvLists, path));
  const kvList = node.text.trim();
  return kvLists.includes(kvList) ? [{ path, kvList }] : [];
}

/** An element says by its name whether it sends or receives; if none does, the first sends, as in the editor. */
function judgePlaces(places: readonly Place[]): { sends: string; receives: string } {
  const receiving = places.find(({ path }) => /rec(ei|ie)?v|from/i.test(path));
  const sending = places.find((place) => place !== receiving && /send|sent/i.test(place.path));
  const [first, second] = places;
  if (receiving || sending) {
    const other = places.find((place) => place !== receiving && place !== sending);
    return {
      sends: (sending ?? other)?.kvList ?? '',
      receives: (receiving ?? other)?.kvList ?? '',
    };
  }
  return { sends: first?.kvList ?? '', receives: second?.kvList ?? '' };
}
