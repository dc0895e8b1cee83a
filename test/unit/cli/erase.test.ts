import { describe, expect, test } from 'vitest';
import { parseWish } from '../../../main/cli/erase.ts';

const DIGEST = 'ab'.repeat(32);

describe('what `erase` is asked', () => {
  test('is one request and a reason; all of its texts unless told otherwise', () => {
    const reason = 'it held a record';
    expect(parseWish([DIGEST, '--reason', reason])).toEqual({
      request: DIGEST,
      reason,
      what: 'all',
    });
    expect(parseWish([DIGEST.slice(0, 8), '--reason', reason, '--decisions-only'])).toMatchObject({
      what: 'decisions',
    });
  });

  test.each([
    [['--reason', 'x'], 'one request'],
    [[DIGEST, DIGEST, '--reason', 'x'], 'one request'],
    [['ABCDEF01', '--reason', 'x'], 'a digest'],
    [['abcdef0', '--reason', 'x'], 'a digest'],
    [[DIGEST], '--reason TEXT'],
    [[DIGEST, '--reason', '  '], '--reason TEXT'],
    [[DIGEST, '--reason', 'x'.repeat(501)], 'at most 500'],
    [[DIGEST, '--reasons', 'x'], 'Unknown option'],
  ])('%j is refused in one sentence', (words, says) => {
    expect(parseWish(words)).toContain(says);
  });
});
