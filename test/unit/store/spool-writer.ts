import { openSpool } from '../../../src/store/spool.ts';

/**
 * A process that appends to a spool until it is killed or the disk is full, and says each number that was acknowledged:
 * `node spool-writer.ts <folder>`.
 */
const [, , folder] = process.argv;
const spool = await openSpool({ folder: folder ?? '', onWarning: () => undefined });
let refused = false;
for (let number = 0; !refused; number += 1) {
  try {
    await spool.append({ number, text: 'x'.repeat(100) });
    process.stdout.write(`${number}\n`);
  } catch {
    refused = true;
  }
}
process.stdout.write('refused\n');
setInterval(() => spool.size(), 60_000);
