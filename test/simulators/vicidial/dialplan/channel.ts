/** A channel of Asterisk, as far as a carrier's entry sees it. */
export interface Channel {
  name: string;
  uniqueid: string;
  context: string;
  extension: string;
  callerId: Names;
  connectedLine: Names;
  variables: Variables;
  /** What PJSIP_HEADER(add,…) added: on the called channel only they reach an INVITE. */
  pjsipHeaders: [name: string, value: string][];
}

export interface Names {
  name: string;
  num: string;
}

export interface Variables {
  get(name: string): string;
  /** `_NAME` is inherited by a called channel, `__NAME` by its called channels too. */
  set(name: string, value: string): void;
  delete(name: string): void;
  entries(): [name: string, value: string][];
  /** What a called channel begins with. */
  inherited(): Variables;
}

export function createVariables(): Variables {
  return fill(new Map());
}

interface Held {
  value: string;
  /** Underscores before the name. */
  depth: number;
}

function fill(held: Map<string, Held>): Variables {
  return {
    get: (name) => held.get(name)?.value ?? '',
    set(name, value) {
      const depth = /^_{0,2}/.exec(name)?.[0].length ?? 0;
      held.set(name.slice(depth), { value, depth });
    },
    delete: (name) => void held.delete(name),
    entries: () => [...held].map(([name, { value }]) => [name, value]),
    inherited() {
      const passed = new Map<string, Held>();
      for (const [name, { value, depth }] of held) {
        if (depth > 0) passed.set(name, { value, depth: depth === 2 ? 2 : 0 });
      }
      return fill(passed);
    },
  };
}
