import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Question {
  body: string;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  body: string;
  ms: number;
}

/**
 * A sender of its own, so that its work does not count as the service's: `node ask-at-once.ts <url>`. Reads a list of
 * questions, posts all of them at one moment, each over a socket of its own, and writes the list of answers.
 */
async function askAtOnce(url: string): Promise<void> {
  const questions = JSON.parse(await text(process.stdin)) as Question[];
  const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });
  const answers = await Promise.all(questions.map((question) => ask(agent, url, question)));
  process.stdout.write(JSON.stringify(answers));
}

function ask(agent: Agent, url: string, { body, headers }: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const options = { method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } };
    const sent = request(url, options, (response) => {
      text(response).then(
        (answer) =>
          resolve({
            status: response.statusCode ?? 0,
            body: answer,
            ms: Math.round(performance.now() - startedAt),
          }),
        reject,
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

await askAtOnce(process.argv[2] ?? '');
