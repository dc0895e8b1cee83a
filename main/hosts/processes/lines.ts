// Bytes of a stream as whole lines of UTF-8, each at most `max` characters. What is longer is dropped, and `onOverflow`
// told: a peer that sends no line end fills no memory.

import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';

export function linesOf(
  stream: Readable | null,
  take: (line: string) => void,
  max = 64 * 1024,
  onOverflow: () => void = () => {},
): void {
  const decoder = new StringDecoder('utf8');
  let parts: string[] = [];
  let length = 0;
  let dropping = false;
  const add = (text: string): void => {
    length += text.length;
    if (!dropping && length > max) {
      dropping = true;
      parts = [];
      onOverflow();
    }
    if (!dropping) parts.push(text);
  };
  stream?.on('data', (chunk: Buffer) => {
    const pieces = decoder.write(chunk).split('\n');
    for (const [i, piece] of pieces.entries()) {
      add(piece);
      if (i === pieces.length - 1) break;
      const line = parts.join('');
      const whole = !dropping;
      parts = [];
      length = 0;
      dropping = false;
      if (whole && line !== '') take(line);
    }
  });
  // A stream that was read by hand before does not flow by itself.
  stream?.resume();
}
