import type { Asker } from '../../domain/setup.ts';
import type { DraftedSite } from './draft-site.ts';

const passwordName = 'PATCHBAY_DB_PASSWORD';

/** Where Patchbay keeps its own data. */
export async function askStore(ask: Asker, draft: DraftedSite): Promise<void> {
  const present = draft.presentSection(['store']) ?? {};
  const kind = await ask.choose({
    key: 'patchbay.store.kind',
    message: "Patchbay's own database",
    choices: [
      { value: 'sqlite', label: 'SQLite', hint: 'one file: for one process on one machine' },
      {
        value: 'mysql',
        label: 'MariaDB 10.6 or MySQL 8',
        hint: 'for several processes, or for a server that you have',
      },
    ],
    byDefault: present.kind === 'mysql' ? 'mysql' : 'sqlite',
  });
  if (kind === 'sqlite') {
    const others = { host: undefined, port: undefined, user: undefined, password: undefined, database: undefined };
    draft.lay(['store'], { kind, ...(present.kind === 'mysql' && { ...others, poolSize: undefined }) });
    return;
  }
  const text = (key: string, message: string, standard?: string) => {
    const byDefault = present[key] === undefined ? standard : String(present[key]);
    return ask.text({
      key: `patchbay.store.${key}`,
      message,
      ...(byDefault !== undefined && { byDefault }),
      judge: (answer) => (answer.trim() ? null : 'Give one.'),
    });
  };
  const host = await text('host', 'Host of the database', '127.0.0.1');
  const port = await ask.text({
    key: 'patchbay.store.port',
    message: 'Port of the database',
    byDefault: String(present.port ?? 3306),
    judge: (answer) => (/^\d{1,5}$/.test(answer) ? null : 'Give a number.'),
  });
  const user = await text('user', 'User with all rights on this one database', 'patchbay');
  const database = await text('database', 'Name of the database; it must exist', 'patchbay');
  const known = typeof present.password === 'string' ? draft.valueOf(present.password) : '';
  const password = await ask.secret({
    key: 'patchbay.store.password',
    message: `Password of ${user}`,
    ...(known && { byDefault: known }),
  });
  const isKept = known !== '' && password === known;
  draft.lay(['store'], {
    kind,
    host,
    port: /^\d+$/.test(port) ? Number(port) : port,
    user,
    password: isKept ? present.password : draft.keepSecret(passwordName, password),
    database,
    ...(present.kind === 'sqlite' && { file: undefined }),
  });
}
