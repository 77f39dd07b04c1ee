import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';

export type BodyReading =
  | { kind: 'whole'; bytes: Buffer }
  | { kind: 'too-large' }
  /** What strangers send fills all the memory that is for it. */
  | { kind: 'no-room' }
  /** Packed in a way that is not read here. */
  | { kind: 'unknown-packing' }
  | { kind: 'broken'; why: string };

/** Reads the raw bytes of a request. `isProven`: who sends it has shown a key, so it needs no room among strangers. */
export type BodyReader = (request: IncomingMessage, isProven: boolean) => Promise<BodyReading>;

/** Who sends byte by byte must not make us keep an object for each: so many become one. */
const piecesAtMost = 64;

const nothing: BodyReading = { kind: 'whole', bytes: Buffer.alloc(0) };

/**
 * Reads bodies up to a limit. Those of senders who are proven only by the body itself share `strangersBytes`: a flood of
 * them fills that, and no more. Nothing is read that can not be used.
 */
export function createBodyReader(limits: { bytes: number; strangersBytes: number }): BodyReader {
  let held = 0;

  return async function readBody(request, isProven) {
    const { headers } = request;
    const length = headers['content-length'];
    if (headers['transfer-encoding'] === undefined && (length === undefined || length === '0')) return nothing;
    if (!isProven && held >= limits.strangersBytes) return { kind: 'no-room' };
    const source = plainStream(request);
    if (!source) return { kind: 'unknown-packing' };
    const isPlain = source === request;
    if (isPlain && Number(length) > limits.bytes) return { kind: 'too-large' };
    return new Promise((resolve) => collect(request, source, isProven, resolve));
  };

  function collect(
    request: IncomingMessage,
    source: Readable,
    isProven: boolean,
    resolve: (reading: BodyReading) => void,
  ): void {
    const chunks: Buffer[] = [];
    let pieces: Buffer[] = [];
    let size = 0;
    let isOver = false;

    function take(chunk: Buffer): void {
      if (size + chunk.length > limits.bytes) {
        end({ kind: 'too-large' });
      } else if (!isProven && held + chunk.length > limits.strangersBytes) {
        end({ kind: 'no-room' });
      } else {
        size += chunk.length;
        if (!isProven) held += chunk.length;
        pieces.push(chunk);
        if (pieces.length < piecesAtMost) return;
        chunks.push(Buffer.concat(pieces));
        pieces = [];
      }
    }

    function end(reading: BodyReading): void {
      if (isOver) return;
      isOver = true;
      if (!isProven) held -= size;
      source.off('data', take);
      if (source !== request) {
        request.unpipe();
        // What still comes is thrown away, so that the connection can be used again.
        request.resume();
        source.destroy();
      }
      resolve(reading);
    }

    source.on('data', take);
    source.once('end', () => end({ kind: 'whole', bytes: oneOf([...chunks, ...pieces]) }));
    // A stream that breaks after its end was told says so to nobody.
    source.on('error', () => end({ kind: 'broken', why: 'the body can not be read' }));
    request.once('close', () => {
      if (!request.complete) end({ kind: 'broken', why: 'the sender left' });
    });
  }
}

function oneOf(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  return chunks.length === 1 && only ? only : Buffer.concat(chunks);
}

/** The body as it was before the sender packed it; undefined when we know no way. What comes out counts, not what went in. */
function plainStream(request: IncomingMessage): Readable | undefined {
  switch ((request.headers['content-encoding'] ?? 'identity').toLowerCase()) {
    case 'identity':
      return request;
    case 'gzip':
    case 'deflate':
      return request.pipe(createUnzip());
    case 'br':
      return request.pipe(createBrotliDecompress());
    default:
      return undefined;
  }
}
