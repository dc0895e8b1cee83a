import { describe, expect, test } from 'vitest';
import { publicKeyOf } from '../../../main/trust/ed25519.ts';
import {
  formatLine,
  formatNote,
  type Note,
  parseNote,
  signNote,
  verifyNote,
} from '../../../main/trust/note.ts';
import { formatVkey, NOTE_TYPE, parseVkey, type Vkey, vkeyOf } from '../../../main/trust/vkey.ts';
import { sha256 as hashOf } from '../../../main/trust/digest.ts';
import { concat, toB64, toHex } from '../../../shared/bytes.ts';
import { fixedPair, hex } from './kit.ts';

/** The worked example of C2SP signed-note, and the one of Go's sumdb/note. */
const C2SP_KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const C2SP_NOTE =
  'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
const GO_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_NOTE =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

const NAME = 'log.example.org/countersign/1';
const PAIR = fixedPair(1);
const VKEY = vkeyOf(NAME, NOTE_TYPE, publicKeyOf(PAIR));
const TEXT = 'first line\n\nthird line\n';
const LINE = signNote(TEXT, NAME, PAIR);
const NOTE = formatNote(TEXT, [LINE]);

function vkey(text: string): Vkey {
  const read = parseVkey(text);
  if (!read.ok) throw new Error(read.detail ?? read.code);
  return read.value;
}

/** The text that a note opens to, or why it does not. */
function open(source: string, known: readonly Vkey[]): { text: string } | { code: string } {
  const note = parseNote(source);
  if (!note.ok) return { code: note.code };
  const signed = verifyNote(note.value, known);
  return signed.ok ? { text: note.value.text } : { code: signed.code };
}

function parsed(source: string): Note {
  const note = parseNote(source);
  if (!note.ok) throw new Error(note.detail ?? note.code);
  return note.value;
}

describe('notes of others', () => {
  test('opens the example of the C2SP specification', () => {
    expect(open(C2SP_NOTE, [vkey(C2SP_KEY)])).toEqual({ text: 'This is an example message.\n' });
    expect(formatVkey(vkey(C2SP_KEY))).toBe(C2SP_KEY);
  });

  test('opens the example of Go sumdb/note', () => {
    expect(open(GO_NOTE, [vkey(GO_KEY)])).toMatchObject({ text: expect.stringMatching(/^If you/) });
    expect(formatVkey(vkey(GO_KEY))).toBe(GO_KEY);
  });
});

describe('a note of ours', () => {
  test('opens to its text, which may have empty lines', () => {
    expect(open(NOTE, [VKEY])).toEqual({ text: TEXT });
    const { text, signatures } = parsed(NOTE);
    expect(formatNote(text, signatures)).toBe(NOTE);
  });

  test('no change of one byte opens to another text or passes unnoticed', () => {
    const bytes = new TextEncoder().encode(NOTE);
    let refused = 0;
    for (let i = 0; i < bytes.length; i += 1) {
      for (let value = 0; value < 256; value += 1) {
        if (value === bytes[i]) continue;
        const source = Buffer.from(bytes.with(i, value)).toString('utf8');
        if ('code' in open(source, [VKEY])) refused += 1;
      }
    }
    expect(refused).toBe(bytes.length * 255);
  });

  test('no proper substring opens', () => {
    let opened = 0;
    for (let from = 0; from < NOTE.length; from += 1) {
      for (let to = from; to <= NOTE.length; to += 1) {
        if (from === 0 && to === NOTE.length) continue;
        if ('text' in open(NOTE.slice(from, to), [VKEY])) opened += 1;
      }
    }
    expect(opened).toBe(0);
  });

  test('no character inserted anywhere opens', () => {
    for (const extra of ['\n', ' ', '=', '+', 'A', '—', '\0']) {
      for (let at = 0; at <= NOTE.length; at += 1) {
        expect(open(NOTE.slice(0, at) + extra + NOTE.slice(at), [VKEY])).toHaveProperty('code');
      }
    }
  });
});

describe('signers', () => {
  const other = fixedPair(2);
  const otherKey = vkeyOf('other.example', NOTE_TYPE, publicKeyOf(other));
  const otherLine = signNote(TEXT, 'other.example', other);

  test('a line by an unknown signer is ignored, even with a known name or a known id', () => {
    const sameName = { ...otherLine, name: NAME };
    const sameId = { ...LINE, name: 'other.example', signature: otherLine.signature };
    for (const line of [otherLine, sameName, sameId]) {
      expect(open(formatNote(TEXT, [line, LINE]), [VKEY])).toEqual({ text: TEXT });
      expect(open(formatNote(TEXT, [line]), [VKEY])).toEqual({ code: 'unsigned' });
    }
  });

  test('one bad line by a known signer refuses the note, whoever else signed', () => {
    const bad = { ...otherLine, signature: LINE.signature };
    expect(open(formatNote(TEXT, [LINE, bad]), [VKEY, otherKey])).toEqual({ code: 'signature' });
    expect(open(formatNote(TEXT, [LINE, otherLine]), [VKEY, otherKey])).toEqual({ text: TEXT });
  });

  test('a known signer signs once', () => {
    expect(open(formatNote(TEXT, [LINE, LINE]), [VKEY])).toEqual({ code: 'signature' });
  });

  test('with nobody known, nothing opens', () => {
    expect(open(NOTE, [])).toEqual({ code: 'unsigned' });
  });
});

describe('the form of a note', () => {
  const lines = (count: number): string =>
    Array.from({ length: count }, (_, i) => formatLine({ ...LINE, name: `n${i}` })).join('');

  test('has 1 to 16 signature lines', () => {
    expect(parseNote(`t\n\n${lines(16)}`).ok).toBe(true);
    expect(parseNote(`t\n\n${lines(17)}`)).toMatchObject({ ok: false, code: 'note' });
    expect(parseNote('t\n\n').ok).toBe(false);
  });

  test('has at most 4 KiB, counted in bytes', () => {
    const tail = `\n\n${formatLine(LINE)}`;
    const room = 4096 - Buffer.byteLength(tail);
    expect(parseNote('a'.repeat(room) + tail).ok).toBe(true);
    expect(parseNote(`${'a'.repeat(room + 1)}${tail}`).ok).toBe(false);
    expect(parseNote('é'.repeat(room / 2 + 1) + tail).ok).toBe(false);
  });

  test('has no control character but LF, and only whole characters', () => {
    for (const bad of ['\t', '\r', '\0', '\x1b', '\x7f', '\u0085', '\ud800']) {
      expect(parseNote(`a${bad}b\n\n${formatLine(LINE)}`)).toMatchObject({
        ok: false,
        code: 'note',
      });
    }
  });

  test.each([
    ['a hyphen for the dash', formatLine(LINE).replace('—', '-')],
    ['no dash', formatLine(LINE).slice(2)],
    ['two spaces', formatLine(LINE).replace('— ', '—  ')],
    ['an empty name', formatLine({ ...LINE, name: '' })],
    ['a name with a plus', formatLine({ ...LINE, name: 'a+b' })],
    ['a name with a no-break space', formatLine({ ...LINE, name: 'a\u00a0b' })],
    ['a trailing word', formatLine(LINE).replace('\n', ' x\n')],
    ['base64 without its padding', formatLine(LINE).replace('=', '')],
    ['base64 of the url alphabet', `— n ${'_'.repeat(92)}\n`],
    ['a key id alone', `— n ${toB64(LINE.keyId)}\n`],
    ['base64 with spare bits', `— n ${toB64(new Uint8Array(68)).replace(/A=$/, 'B=')}\n`],
  ])('refuses %s', (_, line) => {
    expect(parseNote(`t\n\n${line}`)).toMatchObject({ ok: false, code: 'note' });
  });
});

describe('vkeys', () => {
  test('every proper substring and every changed byte of a vkey is refused', () => {
    for (let from = 0; from < C2SP_KEY.length; from += 1) {
      for (let to = from; to <= C2SP_KEY.length; to += 1) {
        if (from === 0 && to === C2SP_KEY.length) continue;
        expect(parseVkey(C2SP_KEY.slice(from, to)).ok).toBe(false);
      }
    }
    for (let i = 0; i < C2SP_KEY.length; i += 1) {
      for (const next of ['A', 'b', '0', '+', '=', ' ', '\n']) {
        if (C2SP_KEY[i] === next) continue;
        expect(parseVkey(C2SP_KEY.slice(0, i) + next + C2SP_KEY.slice(i + 1)).ok).toBe(false);
      }
    }
  });

  test('refuses a type that is not spoken here, by its own code', () => {
    const typed = concat(Uint8Array.of(2), new Uint8Array(32));
    expect(parseVkey(`n+00000000+${toB64(typed)}`)).toMatchObject({ ok: false, code: 'type' });
  });

  test('refuses a key that fails E1, under its right key id', () => {
    const identity = hex(`0101${'00'.repeat(31)}`);
    const id = toHex(hashOf(concat(new TextEncoder().encode('n\n'), identity)).slice(0, 4));
    expect(parseVkey(`n+${id}+${toB64(identity)}`)).toMatchObject({ ok: false, code: 'vkey' });
  });

  test('refuses a key id in capitals', () => {
    const [name, id = '', key] = GO_KEY.split('+');
    expect(parseVkey(`${name}+${id.toUpperCase()}+${key}`).ok).toBe(false);
  });
});
