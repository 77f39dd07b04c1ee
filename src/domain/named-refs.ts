/** Who is configured: what the references of guides and set-up steps are resolved by. */
export interface RefSpace {
  /** The instance whose bare ids are meant. */
  owner: string;
  dialers: readonly string[];
  platforms: readonly string[];
}

/**
 * Global names (`<instance>:<id>`) that a reference of a guide entry or a step may mean: a bare id is the owner's own,
 * `platform:` and `dialer:` stand for each that is configured. Not each of these names need exist.
 */
export function namesOfRef(ref: string, { owner, dialers, platforms }: RefSpace): string[] {
  const split = ref.indexOf(':');
  if (split < 0) return [`${owner}:${ref}`];
  const [scope, id] = [ref.slice(0, split), ref.slice(split + 1)];
  if (scope === 'platform') return platforms.map((platform) => `${platform}:${id}`);
  if (scope === 'dialer') return dialers.map((dialer) => `${dialer}:${id}`);
  return [ref];
}
