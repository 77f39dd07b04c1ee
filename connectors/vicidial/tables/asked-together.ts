/** Questions that one statement answers at most. */
const mostAtOnce = 100;
/** Who may wait does so for as long after the last read began. */
const gatherMs = 10;

/** @param mayWait for company: the next question that may not takes it along */
export type Ask<Question, Answer> = (question: Question, mayWait?: boolean) => Promise<Answer>;

interface Asked<Question, Answer> {
  question: Question;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/**
 * Questions that come while others are being read wait, and share the next read. It begins after they were asked: nobody
 * gets an older answer than a read of their own would have given. MyISAM tables are locked for each read, so that many
 * small ones stall the dialer more than one.
 *
 * @param read gives an answer for each question, in their order
 */
export function askedTogether<Question, Answer>(
  read: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): Ask<Question, Answer> {
  const waiting: Asked<Question, Answer>[] = [];
  let isReading = false;
  let beganAt = Number.NEGATIVE_INFINITY;
  let isPressed = false;
  let press = () => {
    isPressed = true;
  };

  async function gather(): Promise<void> {
    // Those that are asked in the same moment go together from the first.
    await Promise.resolve();
    const restMs = beganAt + gatherMs - performance.now();
    if (isPressed || restMs <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, restMs);
      press = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function readOn(): Promise<void> {
    while (waiting.length > 0) {
      await gather();
      isPressed = false;
      press = () => {
        isPressed = true;
      };
      beganAt = performance.now();
      const group = waiting.splice(0, mostAtOnce);
      try {
        const answers = await read(group.map(({ question }) => question));
        for (const [index, { resolve }] of group.entries()) resolve(answers[index] as Answer);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    isReading = false;
  }

  return (question, mayWait = false) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      if (!mayWait) press();
      if (isReading) return;
      isReading = true;
      void readOn();
    });
}
