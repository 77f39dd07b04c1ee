import { DatabaseSync } from 'node:sqlite';

/** A process of its own that holds the file's lock until it is killed: `node lock-file.ts <file>`. Says `locked`. */
const [, , file] = process.argv;
const database = new DatabaseSync(file ?? '', { timeout: 10_000 });
database.exec('begin exclusive');
process.stdout.write('locked\n');
setInterval(() => database.isTransaction, 60_000);
