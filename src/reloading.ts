import { differenceOf } from '../config/difference.ts';
import type { ConfigHistory } from '../config/history.ts';
import type { LoadedConfig } from '../config/load.ts';
import { type ConfigFault, faultLine } from '../config/report.ts';
import type { configSchema } from '../config/schema.ts';
import { versionOf } from '../config/version.ts';
import type { App } from './app.ts';
import { instantOf } from './domain/clock.ts';
import type { Log } from './domain/connector.ts';
import { messageOf } from './domain/errors.ts';
import type { ReloadAnswer, ReloadResult, ReloadWish } from './domain/reload.ts';
import { readReloadWish } from './flows/wish-reload.ts';

export interface ReloadingOptions {
  app: App;
  log: Log;
  /** Reads and checks the file as it lies there now. */
  load(): Promise<LoadedConfig>;
  schema: ReturnType<typeof configSchema>;
  history: ConfigHistory;
}

/** Takes up another configuration while the service runs: for whoever wishes it through the store, and on a signal. */
export interface Reloading {
  /** Looks for wishes from now on. @param text of the file that the service began with */
  start(text: string): Promise<void>;
  /** Takes up what lies there now; TLS files too. */
  now(by: string): Promise<ReloadAnswer>;
  stop(): void;
}

/** Machine time: a wish is heard within a second. */
const everyMs = 250;
/** A process that starts in the moment of a wish may have read its file before. */
const heardBeforeMs = 60_000;
const mostPaths = 30;

export function createReloading({ app, log, load, schema, history }: ReloadingOptions): Reloading {
  let heard = '';
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();
  let isStopped = false;

  async function look(): Promise<void> {
    try {
      const wish = await readReloadWish(app.deps);
      if (wish && wish.id !== heard) {
        heard = wish.id;
        await reload(wish);
      }
    } catch (error) {
      log.debug({ reason: messageOf(error) }, 'wishes to reload could not be read');
    }
  }

  async function goOn(): Promise<void> {
    await look();
    if (!isStopped) timer = setTimeout(goOn, everyMs).unref();
  }

  function reload(wish: ReloadWish): Promise<ReloadAnswer> {
    const answered = running.then(() => answer(wish));
    running = answered.catch(() => undefined);
    return answered;
  }

  async function answer(wish: ReloadWish): Promise<ReloadAnswer> {
    const before = app.config;
    const loaded = await load();
    const applied =
      loaded.kind === 'faults' ? { kind: 'refused' as const, faults: loaded.faults } : await app.apply(loaded.config);
    if (applied.kind === 'applied' && loaded.kind === 'ok') await noteApplied(wish, before, applied.was, loaded);
    else if (applied.kind === 'refused') noteRefused(wish, applied.faults);
    else log.info({ by: wish.by, version: versionOf(before) }, 'the configuration is the same as before');
    app.deps.count.reloaded(applied.kind);
    return told(wish, applied.kind, applied.kind === 'refused' ? applied.faults.map(faultLine) : []);
  }

  async function noteApplied(
    { by }: ReloadWish,
    before: App['config'],
    was: string,
    { text, warnings }: Extract<LoadedConfig, { kind: 'ok' }>,
  ): Promise<void> {
    const version = versionOf(app.config);
    const keys = differenceOf(before, app.config, schema).map(({ path }) => path);
    log.info({ by, was, version, keys: keys.slice(0, mostPaths) }, 'another configuration is in use');
    for (const warning of warnings) log.warn({ warning }, 'the configuration has a weak point');
    await keep(text, version, by);
    const { store, clock, ownProcess } = app.deps;
    const details = { was, process: ownProcess.name, keys: keys.slice(0, mostPaths).join(', ') };
    try {
      await store.appendAudit({ at: instantOf(clock), by, act: 'config-reload', subject: version, details });
    } catch (error) {
      log.warn({ by, reason: messageOf(error) }, 'a reload is missing in the audit log');
    }
  }

  function noteRefused({ by }: ReloadWish, faults: readonly ConfigFault[]): void {
    // A fault may repeat a value, which may be a number: the command shows it, and `serve --check`.
    const keys = faults.map(({ path, line }) => ({ key: path, line }));
    const hint = 'Run `patchbay serve --check`, mend what it names, and reload again.';
    log.error({ by, faults: keys, hint }, 'the configuration that lies there is refused: the one in use goes on');
  }

  async function told({ id }: ReloadWish, result: ReloadResult, faults: readonly string[]): Promise<ReloadAnswer> {
    const at = instantOf(app.deps.clock);
    const given = { id, at, result, faults };
    await app.tell(given);
    return given;
  }

  async function keep(text: string, version: string, by: string): Promise<void> {
    try {
      await history.keep({ version, at: instantOf(app.deps.clock), by, text, isUsed: true });
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'the configuration could not be kept for going back to it');
    }
  }

  return {
    async start(text) {
      await keep(text, versionOf(app.config), 'start');
      const last = await readReloadWish(app.deps).catch(() => null);
      const isOld = last && Date.parse(last.at) < app.deps.clock.now() - heardBeforeMs;
      if (isOld) heard = last.id;
      timer = setTimeout(goOn, everyMs).unref();
    },
    async now(by) {
      await app.renewTls();
      return reload({ id: app.deps.newId(), by, at: instantOf(app.deps.clock) });
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
