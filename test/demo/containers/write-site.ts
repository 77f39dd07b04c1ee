import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ContainerPlaces, makeUpSite } from './made-up-site.ts';

/** As docker-compose.yml names its services. */
const inContainers: ContainerPlaces = {
  balancerUrl: 'http://balancer:8080',
  agiUrl: 'agi://balancer:4573/vicidial',
  callCentreHost: 'call-centre',
  firstPort: 8101,
  store: { host: 'mariadb', port: 3306, user: 'patchbay', database: 'patchbay' },
  vicidialTables: { host: 'vicidial-tables', port: 3306, user: 'patchbay', name: 'asterisk' },
  folder: '/var/lib/patchbay',
};

const [folder = '/etc/patchbay', placesFile] = process.argv.slice(2);
const places = placesFile ? (JSON.parse(readFileSync(placesFile, 'utf8')) as ContainerPlaces) : inContainers;
const passwordFile = process.env.PATCHBAY_DB_PASSWORD_FILE ?? '/run/secrets/db_password';
const site = await makeUpSite(places, readFileSync(passwordFile, 'utf8').trim());

mkdirSync(folder, { recursive: true });
// A site of one's own is never overwritten.
write('patchbay.yaml', site.config);
write('call-centre.json', site.callCentre);
process.stdout.write(`A made-up site is in ${folder}. At the console's pages, under /console, log in as:\n`);
for (const { name, password } of site.users) process.stdout.write(`  ${name}  ${password}\n`);

function write(name: string, content: object): void {
  try {
    writeFileSync(join(folder, name), `${JSON.stringify(content, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    process.stderr.write(
      code === 'EEXIST'
        ? `${join(folder, name)} is there already: name another folder, or take it away.\n`
        : `${join(folder, name)} can't be written (${code}): the folder must belong to the user ${process.getuid?.()}.\n`,
    );
    process.exit(1);
  }
}
