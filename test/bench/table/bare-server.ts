import { createServer } from 'node:http';
import { goodAnswers } from './requests.ts';

// The floor: what `node:http` alone costs to read such a request and to answer it.

const answers: [path: string, answer: string][] = [
  ['/register', `{${goodAnswers.register},"route":"ai","correlation_id":"0123456789abcd"}`],
  ['/outcome', `{${goodAnswers.outcome},"route":"skill","outcome":"sale"}`],
  ['/commit-outcome', `{${goodAnswers.commit}}`],
  ['/events', `{${goodAnswers.event}}`],
  ['/headers', 'X-first_name:Ada~X-last_name:Field~X-city:Denver~X-state:CO~X-phone:3035551000'],
];

const server = createServer((request, response) => {
  const answer = answers.find(([path]) => request.url?.includes(path))?.[1] ?? '{}';
  request.on('data', () => undefined);
  request.on('end', () => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(answer) });
    response.end(answer);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  process.stdout.write(`${JSON.stringify({ msg: 'ready', port })}\n`);
});
process.once('SIGTERM', () => process.exit(0));
