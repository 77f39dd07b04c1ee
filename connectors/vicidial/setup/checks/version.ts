import type { UsableAnswer } from '../../api/api.ts';

/** What `version` says: the release, and the web server's clock. */
export interface Version {
  /** `250720-1841`; empty when a release does not tell. */
  build: string;
  /** YYMMDD; 0 when it is not told. */
  builtOn: number;
  /** The web server's wall time and the same in UTC seconds; null when a release does not tell. */
  clock: { wall: string; epochSec: number } | null;
  /** By how many seconds that clock is ahead of ours. */
  aheadSec: number;
}

/** `VERSION: …|BUILD: 250720-1841|DATE: local time|EPOCH: n|…` */
export function readVersion(answer: UsableAnswer, now: number): Version {
  const parts = answer.kind === 'lines' ? (answer.lines[0]?.parts ?? []) : [];
  const said = (name: string) => parts.find((part) => part.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
  const build = /^\d{6}-\d{1,6}$/.test(said('BUILD')) ? said('BUILD') : '';
  const [wall, epochSec] = [said('DATE'), Number(said('EPOCH'))];
  const isTold = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(wall) && epochSec > 0;
  return {
    build,
    builtOn: Number(build.slice(0, 6)),
    clock: isTold ? { wall, epochSec } : null,
    aheadSec: isTold ? Math.round(epochSec - now / 1000) : 0,
  };
}
