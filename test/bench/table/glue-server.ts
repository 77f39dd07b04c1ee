import express from 'express';
import { createPool, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import { z } from 'zod';
import { type DatabaseLogin, taskOf } from '../child.ts';

// What is compared with: the script that a call centre has today. One insert or select a request, and no other care: no
// key is asked for, nothing is checked, no webhook proves its sender, a doubled request is a second row.

const Row = z.object({ correlation_id: z.string() });
const { name: database, ...login } = taskOf<DatabaseLogin>();
const pool = createPool({ ...login, database, connectionLimit: 10 });

await pool.query(`CREATE TABLE IF NOT EXISTS calls (
  id BIGINT AUTO_INCREMENT PRIMARY KEY, correlation_id CHAR(14) NOT NULL, call_id VARCHAR(64) NOT NULL,
  campaign VARCHAR(60) NOT NULL, number VARCHAR(20) NOT NULL, first_name VARCHAR(60) NOT NULL, last_name VARCHAR(60) NOT NULL,
  city VARCHAR(60) NOT NULL, state VARCHAR(20) NOT NULL, created_at DATETIME NOT NULL, UNIQUE KEY (correlation_id))`);
await pool.query(`CREATE TABLE IF NOT EXISTS outcomes (
  correlation_id CHAR(14) PRIMARY KEY, outcome VARCHAR(40) NOT NULL, summary TEXT NOT NULL, at DATETIME NOT NULL)`);
await pool.query(`CREATE TABLE IF NOT EXISTS events (
  id BIGINT AUTO_INCREMENT PRIMARY KEY, correlation_id CHAR(14) NOT NULL, event VARCHAR(60) NOT NULL, body TEXT NOT NULL,
  at DATETIME NOT NULL, KEY (correlation_id))`);
await pool.query(`CREATE TABLE IF NOT EXISTS leads (
  lead_id INT PRIMARY KEY, first_name VARCHAR(60), last_name VARCHAR(60), city VARCHAR(60), state VARCHAR(20), phone VARCHAR(20))`);
await pool.query(
  `INSERT IGNORE INTO leads SELECT seq, 'Ada', 'Field', 'Denver', 'CO', CONCAT('303555', seq - 1) FROM seq_1001_to_2000`,
);

const app = express();
app.use(express.json());

app.get('/v1/ivr/five9/register', async (request, response) => {
  const { call_id, campaign, dnis, first_name, last_name, city, state } = request.query;
  const id = Math.random().toString(36).slice(2, 16).padEnd(14, '0');
  await pool.execute<ResultSetHeader>(
    'INSERT INTO calls (correlation_id, call_id, campaign, number, first_name, last_name, city, state, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NOW())',
    [id, call_id, campaign, dnis, first_name, last_name, city, state].map(String),
  );
  response.json({ status: 'ok', route: 'ai', correlation_id: id, 'X-first_name': first_name });
});

app.get('/v1/ivr/five9/outcome', async (request, response) => {
  const [rows] = await pool.execute<RowDataPacket[]>('SELECT * FROM outcomes WHERE correlation_id = ?', [
    String(request.query.correlation_id),
  ]);
  const [row] = rows;
  response.json(row ? { status: 'done', route: 'skill', ...row } : { status: 'pending', route: 'skill' });
});

app.post('/v1/platforms/sigmamind/tools/commit-outcome', async (request, response) => {
  const { correlation_id, outcome, summary } = request.body;
  await pool.execute<ResultSetHeader>('REPLACE INTO outcomes VALUES (?, ?, ?, NOW())', [
    correlation_id,
    outcome,
    summary,
  ]);
  response.json({ ok: true });
});

app.post('/v1/platforms/sigmamind/events/:token', async (request, response) => {
  const { event, data } = request.body;
  const { correlation_id } = Row.parse(data.dynamicVariables);
  await pool.execute<ResultSetHeader>('INSERT INTO events (correlation_id, event, body, at) VALUES (?, ?, ?, NOW())', [
    correlation_id,
    event,
    JSON.stringify(request.body),
  ]);
  response.json({ result: 'recorded' });
});

app.get('/v1/ivr/vicidial/headers', async (request, response) => {
  const lead = Number(String(request.query.code).slice(10));
  const [rows] = await pool.execute<RowDataPacket[]>('SELECT * FROM leads WHERE lead_id = ?', [lead]);
  const pairs = Object.entries(rows[0] ?? {}).map(([name, value]) => `X-${name}:${value}`);
  response.type('text').send(pairs.join('~'));
});

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  process.stdout.write(`${JSON.stringify({ msg: 'ready', port })}\n`);
});
process.once('SIGTERM', () => process.exit(0));
