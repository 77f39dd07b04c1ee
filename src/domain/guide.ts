/**
 * One entry of a platform's published guides: a step, a prerequisite, or something that they list under troubleshooting,
 * and what of ours serves it. The table in docs/guides.md is made of them, and the doctor gives its verdict by them.
 */
export interface GuideEntry {
  /** Name of the guide, as its publisher calls it. */
  guide: string;
  /** `advice`: one thing that the guide says to look at under a trouble; the verdict is given on the trouble. */
  kind: 'prerequisite' | 'step' | 'trouble' | 'advice';
  /** As the guide titles it, so that a reader finds it. */
  title: string;
  /**
   * Checks by id: the connector's own by their bare id, `platform:<id>` and `dialer:<id>` of whatever is configured of that
   * kind, `patchbay:<id>` across systems. The worst of them is the verdict.
   */
  checks: readonly string[];
  /** Set-up steps by id, prefixed in the same way. */
  steps?: readonly string[];
  /** Commands as they are typed, with `<id>` for the instance. */
  commands?: readonly string[];
  /** Where the guide is wrong or leaves something open: what is right. */
  correction?: string;
}
