/** Files whose whole business is to read what others write, by their names. */
const byName =
  /(^|\/)(schema|payload|rows|site-rows|xml|tool-call|inbound-call|spoken|signature|page|values|caller-code|[a-z-]*-answer|[a-z-]*-cells|fast-agi[a-z-]*)\.ts$/;
/** Readers of a text, of bytes, or of a value that came from outside. */
const byExport =
  /^export (?:async )?function (?:parse|read|decode)[A-Z]\w*\(\s*(?:text|texts|bytes|body|value|csv|answer|raw|status|variables|code|number|root|kept|receipt|target|account|event|segment|url|name)\b/m;

/** Readers in these rooms see only what a schema or another reader has let through, or what we wrote ourselves. */
const insideFiles: Readonly<Record<string, string>> = {
  'src/console/page.ts': 'the shape of our own pages',
  'src/domain/call-search.ts': 'reads a cursor that only we write',
  'src/domain/opt-out-clock.ts': 'reads our own facts',
  'src/store/rows.ts': 'reads rows of our own tables',
  'src/flows/tool-answer.ts': 'the shape of our own answers',
  'src/http/render-answer.ts': 'writes answers; its one reader knows three words',
  'src/http/render-headers.ts': 'writes answers; its one reader knows three words',
  'connectors/sigmamind/dialling/wish.ts': 'reads options of the command line',
  'src/flows/doctor/site-checks/tls-certificate.ts': 'asks a TLS socket; Node reads the certificate',
};

/** Files under src, connectors and config that read what others write. */
export function readersIn(files: readonly { path: string; source: string }[]): string[] {
  return files
    .filter(({ path }) => /^(src|connectors|config)\//.test(path))
    .filter(({ path, source }) => isEdge(path, source) && !insideFiles[path])
    .map(({ path }) => path);
}

function isEdge(path: string, source: string): boolean {
  const isNamed =
    byName.test(path) && !path.startsWith('src/console/') && /\bexport (async )?(function|const)\b/.test(source);
  return isNamed || byExport.test(source);
}
