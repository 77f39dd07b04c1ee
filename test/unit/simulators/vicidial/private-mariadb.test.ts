import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createConnection } from 'mysql2/promise';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { reapServers } from '../../../support/mariadb-leftovers.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../../../support/private-mariadb.ts';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function sqlModeOf(database: PrivateMariaDb): Promise<string> {
  const { host, port, user, password } = database;
  const connection = await createConnection({ host, port, user, password, database: 'asterisk' });
  await connection.query('CREATE TABLE leads (name VARCHAR(4)) ENGINE=MyISAM');
  const [rows] = await connection.query('SELECT @@sql_mode AS mode');
  await connection.end();
  return (rows as { mode: string }[])[0]?.mode ?? '';
}

describe('the private MariaDB', () => {
  it('starts with a database, ends, and leaves nothing behind', async () => {
    const database = await startPrivateMariaDb();
    await database.createDatabase('asterisk');

    const sqlMode = await sqlModeOf(database);
    await database.stop();

    expect(sqlMode).toContain('STRICT_TRANS_TABLES');
    expect(isAlive(database.pid)).toBe(false);
    expect(existsSync(database.dataFolder)).toBe(false);
  });

  it('takes a sql_mode for the whole server', async () => {
    const database = await startPrivateMariaDb({ sqlMode: 'NO_ENGINE_SUBSTITUTION' });
    await database.createDatabase('asterisk');

    const sqlMode = await sqlModeOf(database);
    await database.stop();

    // The client adds a mode of its own to the server's.
    expect(sqlMode.replace('IGNORE_SPACE,', '')).toBe('NO_ENGINE_SUBSTITUTION');
  });

  it('reaps what a killed process left behind, and nothing of a living one', async () => {
    const own = await startPrivateMariaDb();
    onTestFinished(own.stop);
    const module = fileURLToPath(new URL('../../../support/private-mariadb.ts', import.meta.url));
    const script = `const { startPrivateMariaDb } = await import(${JSON.stringify(module)});
      const { pid, dataFolder } = await startPrivateMariaDb();
      console.log(JSON.stringify({ pid, dataFolder }));`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const orphan = await new Promise<{ pid: number; dataFolder: string }>((resolve) => {
      createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
    });
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(isAlive(orphan.pid)).toBe(true);

    await reapServers();

    await eventually(() => expect(isAlive(orphan.pid)).toBe(false));
    expect(existsSync(orphan.dataFolder)).toBe(false);
    expect(isAlive(own.pid)).toBe(true);
  });
});
