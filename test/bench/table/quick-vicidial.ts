import { createServer, type IncomingMessage } from 'node:http';
import { createPool, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import type { DatabaseLogin } from '../child.ts';

// VICIdial's API in a process of its own that answers at once: each request is one or two statements by key. The whole
// simulator does for a request what PHP does, a dozen statements; on a machine with two cores that would be what is measured.
// Argument: the login of VICIdial's database as JSON.

const { name: database, ...login } = JSON.parse(process.argv[2] ?? '{}') as DatabaseLogin;
const pool = createPool({ ...login, database, connectionLimit: 8, flags: ['-FOUND_ROWS'] });

async function answer(form: URLSearchParams): Promise<string> {
  const of = (key: string) => form.get(key) ?? '';
  if (of('function') === 'version') return 'VERSION: 2.14-202|BUILD: 250720-1841|';
  const who = of('user');
  if (of('function') === 'update_lead') {
    const [changed] = await pool.query<ResultSetHeader>('UPDATE vicidial_list SET status = ? WHERE lead_id = ?', [
      of('status'),
      Number(of('lead_id')),
    ]);
    return `SUCCESS: update_lead LEAD HAS BEEN UPDATED - ${who}|${of('lead_id')}|${changed.affectedRows}|||`;
  }
  if (of('function') !== 'update_log_entry') return 'ERROR: NO FUNCTION SPECIFIED';
  const [group, code, status] = [of('group'), of('call_id'), of('status')];
  const [[row]] = await pool.query<RowDataPacket[]>(
    'SELECT uniqueid, status FROM vicidial_log WHERE lead_id = ? AND campaign_id = ? ORDER BY call_date DESC LIMIT 1',
    [Number(code.slice(-10)), group],
  );
  if (!row) return `ERROR: update_log_entry NO RECORDS FOUND: ${who}|${group}|${code}|${status}`;
  await pool.query('UPDATE vicidial_log SET status = ? WHERE uniqueid = ?', [status, row.uniqueid]);
  const said = `${who}|${who}|${group}|${code}|${status}|${row.status}|${row.uniqueid}|`;
  return `SUCCESS: update_log_entry RECORD HAS BEEN UPDATED - ${said}`;
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

const server = createServer((request, response) => {
  formOf(request)
    .then(answer)
    .then(
      (line) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(`${line}\n`),
      () => response.writeHead(500).end(),
    );
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  process.stdout.write(`${JSON.stringify({ msg: 'ready', port })}\n`);
});
process.once('SIGTERM', () => process.exit(0));
