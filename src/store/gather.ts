import { ConnectorError } from '../domain/errors.ts';

/** So many at once, while those before hang. */
const mostLanes = 3;
/** What takes longer hangs: in a lock, or in a slow flush. It is to hold up no other. */
const hangingMs = 25;

interface Waiting<Input, Result> {
  input: Input;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

interface Lane {
  /** When its work began, by `performance.now()`. */
  since: number;
}

/**
 * Who asks in one moment, or while others are being answered, is answered together with all that wait. Nobody waits for
 * company: who is alone is answered at once. Where they fail together each is tried by itself, so that one that can't be
 * answered takes no other with it.
 *
 * @param answer gives a result for each input
 * @param most inputs that are answered together
 */
export function gather<Input, Result>(
  answer: (inputs: readonly Input[]) => Promise<readonly Result[]>,
  most: number,
): (input: Input) => Promise<Result> {
  const waiting: Waiting<Input, Result>[] = [];
  const lanes = new Set<Lane>();
  let timer: NodeJS.Timeout | undefined;

  function isMoving(lane: Lane): boolean {
    return performance.now() - lane.since < hangingMs;
  }

  function look(): void {
    if (waiting.length === 0 || lanes.size >= mostLanes) return;
    if ([...lanes].some(isMoving)) {
      if (timer === undefined) timer = setTimeout(lookAgain, hangingMs).unref();
      return;
    }
    const lane = { since: performance.now() };
    lanes.add(lane);
    // What is asked in this turn of the event loop goes along.
    setImmediate(() => void run(lane));
  }

  function lookAgain(): void {
    timer = undefined;
    look();
  }

  async function run(lane: Lane): Promise<void> {
    while (waiting.length > 0 && ![...lanes].some((other) => other !== lane && isMoving(other))) {
      lane.since = performance.now();
      await answerAll(waiting.splice(0, most));
    }
    lanes.delete(lane);
    look();
  }

  async function answerAll(group: readonly Waiting<Input, Result>[]): Promise<void> {
    try {
      const results = await answer(group.map(({ input }) => input));
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as Result);
    } catch (error) {
      // A store that does not answer would let each of them wait for as long again.
      const isAway = error instanceof ConnectorError && error.code === 'store_away';
      // Nor those behind them, who have gone by the time that it comes back.
      const refused = isAway ? [...group, ...waiting.splice(0)] : group;
      if (group.length === 1 || isAway) for (const { reject } of refused) reject(error);
      else await Promise.all(group.map(answerAlone));
    }
  }

  async function answerAlone({ input, resolve, reject }: Waiting<Input, Result>): Promise<void> {
    try {
      const [result] = await answer([input]);
      resolve(result as Result);
    } catch (error) {
      reject(error);
    }
  }

  return (input) =>
    new Promise((resolve, reject) => {
      waiting.push({ input, resolve, reject });
      look();
    });
}
