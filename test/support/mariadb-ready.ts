import { setTimeout as wait } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';

/** What a way of running the server hands over. */
export interface RunningServer {
  port: number;
  user: string;
  password: string;
  pid(): number;
  dataFolder: string;
  kill(): Promise<void>;
  bringBack(): Promise<void>;
  stop(): Promise<void>;
}

/** Waits until the server takes log-ins. Fails when it has ended, or after 60 s. */
export async function untilReady(
  login: { port: number; user: string; password: string },
  isAlive: () => boolean,
): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    try {
      const connection = await createConnection({ host: '127.0.0.1', connectTimeout: 2000, ...login });
      await connection.end();
      return;
    } catch (error) {
      if (!isAlive() || Date.now() > end) throw error;
      await wait(25);
    }
  }
}
