import { type ChaosOptions, readChaosOptions } from './options.ts';
import { runChaos } from './run-chaos.ts';
import { writeTable } from './table.ts';

process.exitCode = await main();

async function main(): Promise<number> {
  let options: ChaosOptions;
  try {
    options = readChaosOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return 2;
  }
  const startedAt = performance.now();
  const tell = (line: string) => {
    const sec = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6);
    process.stderr.write(`${sec}  ${line}\n`);
  };
  try {
    const result = await runChaos(options, tell);
    process.stdout.write(writeTable(result));
    if (options.isJson) process.stdout.write(`${JSON.stringify(result)}\n`);
    return result.lost + result.double + result.wrong + result.crashes.length === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`chaos could not be played: ${error instanceof Error ? error.stack : error}\n`);
    return 1;
  }
}
