const hourMs = 3_600_000;

/** A minute after Five9's window for its DNC list opens next: 23:00 in Los Angeles. */
export function nextDncWindow(nowMs: number): number {
  const hourIn = new Intl.DateTimeFormat('en-US', {
    timeZone: 'America/Los_Angeles',
    hour: 'numeric',
    hourCycle: 'h23',
  });
  let hour = Math.floor(nowMs / hourMs) * hourMs + hourMs;
  while (hourIn.format(hour) !== '23') hour += hourMs;
  return hour + 60_000;
}

/** A night on which nothing else happens, some minutes after the window has opened. */
export const openDncWindow = Date.parse('2026-03-03T07:10:00.000Z');

/** Clocks go forward, back, or neither, in New York and some hours later in Los Angeles. */
const changes = ['2026-03-02T07:00:00.000Z', '2026-03-08T07:00:00.000Z', '2026-11-01T06:00:00.000Z'];

/** When the day begins: half of it is over when clocks change and the DNC window opens, in the same moment. */
export function startOfDay(seed: number, daySec: number): number {
  return Date.parse(changes[seed % changes.length] ?? '') - Math.round(daySec / 2) * 1000;
}
