import { connect } from 'node:net';
import fc from 'fast-check';
import { adasCode, startAgiService } from '../../unit/vicidial/fast-agi-service.ts';
import { bytesOf, repeated, spoiltText } from '../arbitraries.ts';
import { door } from '../parser.ts';

interface Dialogue {
  /** The environment, in odd pieces. */
  pieces: Buffer[];
  /** What is said to each command in turn; then the channel leaves. */
  replies: string[];
}

const environment = [
  'agi_network: yes\nagi_network_script: vicidial\nagi_request: agi://127.0.0.1/vicidial\nagi_channel: Local/1@default\n',
  `agi_uniqueid: 1772463600.12\nagi_callerid: 3035550111\nagi_calleridname: ${adasCode}\nagi_arg_1: ${adasCode}\n\n`,
].join('');
const replies = [
  '200 result=1\n',
  '200 result=0\n',
  '510 Invalid or unknown command\n',
  '520-Invalid\n520-use\n520 End\n',
  'HANGUP\n',
  '511 dead\n',
  '100 Trying\n',
];

const dialogue: fc.Arbitrary<Dialogue> = fc
  .record({
    bytes: bytesOf(
      spoiltText([
        environment,
        environment.replace('vicidial', 'vicidial-pjsip'),
        environment.replaceAll('\n', '\r\n'),
      ]),
    ),
    cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
    replies: fc.array(fc.oneof(fc.constantFrom(...replies), spoiltText(replies), repeated), { maxLength: 4 }),
  })
  .map(({ bytes, cuts, replies: said }) => {
    const places = [...cuts.map((cut) => Math.floor(cut * bytes.length)).sort((a, b) => a - b), bytes.length];
    return { pieces: places.map((place, index) => bytes.subarray(places[index - 1] ?? 0, place)), replies: said };
  });

/** FastAGI over real sockets: each connection ends within its deadline, and only commands of AGI were said on it. */
export const fastAgiDoor = door<Dialogue>({
  name: 'FastAGI',
  covers: [
    'connectors/vicidial/live/fast-agi.ts',
    'connectors/vicidial/live/fast-agi-lines.ts',
    'connectors/vicidial/live/fast-agi-call.ts',
    'connectors/vicidial/live/fast-agi-commands.ts',
  ],
  atOnce: 4,
  limitMs: 3000,
  async open() {
    const service = await startAgiService({ settings: { deadlineMs: 1000 } });
    return {
      arbitrary: dialogue,
      async feed(input) {
        const said = await converse(service.port, input);
        const odd = said
          .split('\n')
          .find((line) => line !== '' && !/^(EXEC|SET VARIABLE) [\x20-\x7e\x80-\xff]+$/.test(line));
        if (odd !== undefined) throw new Error(`it said ${JSON.stringify(odd.slice(0, 100))}`);
        return said === '' ? 'refused' : 'taken';
      },
      async stop() {
        await service.stop();
        const failed = service.log.find((message) => message.includes('failed inside'));
        if (failed) throw new Error(`the log says: ${failed}`);
      },
    };
  },
});

function converse(port: number, { pieces, replies: answers }: Dialogue): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const left = [...answers];
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    for (const piece of pieces) socket.write(piece);
    if (left.length === 0) socket.end();
    socket.on('data', (text: string) => {
      said += text;
      const reply = left.shift();
      if (reply === undefined) socket.end();
      else socket.write(reply, 'latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(said));
    // A reader that waits for more than comes is let go, as a channel that hangs up would.
    setTimeout(() => socket.end(), 100).unref();
  });
}
