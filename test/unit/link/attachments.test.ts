import { describe, expect, test } from 'vitest';
import { toB64 } from '../../../shared/bytes.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { fail, ok } from '../../../shared/result.ts';
import { fetchAttachment, sendAttachment } from '../../../main/link/attachments.ts';
import { mayDial } from '../../../main/link/dial-socket.ts';
import type { Link } from '../../../main/link/link.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';

type Answer = (type: string, body: { offset: number; bytes?: string }) => unknown;
// Only chunk and fetch are sent here; the answer's type is the test's to get right.
const linkThat = (answer: Answer): Pick<Link, 'send'> =>
  ({ send: async (type: string, body: never) => answer(type, body) }) as unknown as Link;

const bytes = Uint8Array.from({ length: LIMITS.chunkBytes + 10 }, (_, i) => i % 256);
const wanted = { sha256: sha256Hex(bytes), size: bytes.length };
const REQUEST = '00'.repeat(32);

describe('sending', () => {
  test('starts over when the broker has lost the first part, three times at most', async () => {
    const offsets: number[] = [];
    let losses = 1;
    const link = linkThat((_type, { offset }) => {
      offsets.push(offset);
      return offset > 0 && losses-- > 0 ? fail('attachmentMissing') : ok({});
    });
    expect((await sendAttachment(link, bytes)).ok).toBe(true);
    expect(offsets).toEqual([0, LIMITS.chunkBytes, 0, LIMITS.chunkBytes]);
    losses = 99;
    offsets.length = 0;
    expect(await sendAttachment(link, bytes)).toMatchObject({ code: 'attachmentMissing' });
    expect(offsets).toHaveLength(6);
  });

  test('stops at the first refusal', async () => {
    let sent = 0;
    const link = linkThat(() => (sent++, fail('wrongRole')));
    expect(await sendAttachment(link, bytes)).toMatchObject({ code: 'wrongRole' });
    expect(sent).toBe(1);
  });

  test('an empty one is one empty part; one over 8 MiB is not sent', async () => {
    const parts: (string | undefined)[] = [];
    const link = linkThat((_type, body) => (parts.push(body.bytes), ok({})));
    expect((await sendAttachment(link, new Uint8Array())).ok).toBe(true);
    const large = new Uint8Array(LIMITS.maxAttachmentBytes + 1);
    expect(await sendAttachment(link, large)).toMatchObject({ code: 'tooLarge' });
    expect(parts).toEqual(['']);
  });
});

describe('fetching', () => {
  const part = (offset: number, change: object = {}) =>
    ok({
      ...wanted,
      offset,
      bytes: toB64(bytes.subarray(offset, offset + LIMITS.chunkBytes)),
      ...change,
    });

  test('gives the bytes of the digest', async () => {
    const link = linkThat((_type, { offset }) => part(offset));
    expect(await fetchAttachment(link, REQUEST, wanted)).toEqual({ ok: true, value: bytes });
  });

  const turned = (size: number) => toB64(bytes.subarray(0, size).map((byte) => byte ^ 1));
  test.each([
    ['another digest', { sha256: '00'.repeat(32) }],
    ['another size', { size: 5 }],
    ['another place', { offset: 3 }],
    ['nothing', { bytes: '' }],
    ['more than there is', { bytes: toB64(new Uint8Array(bytes.length + 1)) }],
    ['crumbs', { bytes: toB64(bytes.subarray(0, 16 * 1024 - 1)) }],
  ])('refuses parts with %s', async (_name, change) => {
    const link = linkThat((_type, { offset }) => part(offset, change));
    expect(await fetchAttachment(link, REQUEST, wanted)).toMatchObject({ code: 'badAttachment' });
  });

  test('refuses whole bytes whose digest differs', async () => {
    const small = { sha256: wanted.sha256, size: 9 };
    const link = linkThat(() => ok({ ...small, offset: 0, bytes: turned(9) }));
    expect(await fetchAttachment(link, REQUEST, small)).toMatchObject({ code: 'badAttachment' });
  });

  test('never asks for one over the limit', async () => {
    const link = linkThat(() => fail('internal'));
    const large = { ...wanted, size: LIMITS.maxAttachmentBytes + 1 };
    expect(await fetchAttachment(link, REQUEST, large)).toMatchObject({ code: 'tooLarge' });
  });
});

describe('which addresses are dialled', () => {
  test.each([
    ['ws://127.0.0.1:1', true],
    ['ws://127.9.9.9:1', true],
    ['ws://[::1]:1', true],
    ['wss://broker.example', true],
    ['ws://localhost:1', false],
    ['ws://broker.example', false],
    ['ws://127.0.0.1.evil.example', false],
    ['ws://10.0.0.1', false],
    ['http://127.0.0.1', false],
    ['ws://127.0.0.1/#x', false],
    ['127.0.0.1:1', false],
    ['', false],
  ])('%s: %s', (url, dialled) => {
    expect(mayDial({ url })).toBe(dialled);
  });
});
