// npm run bench -- [name] [options]: measures on this machine, and prints what came out beside what it is compared with.
// Without a name it measures the whole table.

const benches: Record<string, { summary: string; load(): Promise<{ run(args: readonly string[]): Promise<void> }> }> = {
  table: {
    summary: 'everything beside a glue script, with the targets (--rounds 3 --seconds 2 --only register,start --json)',
    load: () => import('./table/table.ts'),
  },
  soak: {
    summary: 'half of the top rate for a long time: memory and latency by the minute (--minutes 30)',
    load: () => import('./table/soak.ts'),
  },
  leads: {
    summary: 'lead sync from VICIdial beside a bare mysql2 read (--leads 1000000)',
    load: () => import('./lead-sync.ts'),
  },
  headers: {
    summary: 'SIP headers by FastAGI and HTTP, at 1 and 40 at once (--calls 5000)',
    load: () => import('./header-latency.ts'),
  },
  outcome: {
    summary: 'outcome Query at 50 calls at once, with the outcome there and without it (--calls 2000)',
    load: () => import('./outcome-latency.ts'),
  },
  gate: {
    summary: 'what the gate costs at register: hours, consent, a scrub service asked or remembered (--calls 4000)',
    load: () => import('./gate-cost.ts'),
  },
  doctor: {
    summary: 'whole runs of the doctor over both dialers and the platform: all well, each dead, all dead',
    load: () => import('./doctor-run.ts'),
  },
  console: {
    summary: 'first byte of every page of the console over a month of calls, on both databases (--calls 1000000)',
    load: () => import('./console-pages.ts'),
  },
  live: {
    summary: 'throughput of register and outcome beside 50 open live pages of the console (--rounds 8 --seconds 3)',
    load: () => import('./live-pages.ts'),
  },
};

const given = process.argv.slice(2);
const isNamed = given[0] !== undefined && !given[0].startsWith('-');
const [name = '', ...args] = isNamed ? given : ['table', ...given];
const bench = benches[name];
if (bench) {
  await (await bench.load()).run(args);
} else {
  const list = Object.entries(benches).map(([each, { summary }]) => `  ${each.padEnd(10)}${summary}`);
  process.stderr.write(`usage: npm run bench -- [name] [options]\n\n${list.join('\n')}\n`);
  process.exitCode = 1;
}
