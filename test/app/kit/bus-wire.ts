// D-Bus values as bytes and back (D-Bus Specification, "Marshaling"), little-endian, as far as a desktop's services use
// them. An array of bytes is a Buffer, a dictionary an array of pairs, a struct an array, a variant `{ type, value }`.

export type Variant = { readonly type: string; readonly value: unknown };

const SIZES: Readonly<Record<string, number>> = {
  y: 1,
  n: 2,
  q: 2,
  i: 4,
  u: 4,
  b: 4,
  x: 8,
  t: 8,
  d: 8,
  s: 4,
  o: 4,
  g: 1,
  a: 4,
  v: 1,
  '(': 8,
  '{': 8,
};

/** The complete types of a signature. */
export function typesOf(signature: string): readonly string[] {
  const types: string[] = [];
  for (let at = 0; at < signature.length; ) {
    const end = endOfType(signature, at);
    types.push(signature.slice(at, end));
    at = end;
  }
  return types;
}

function endOfType(signature: string, at: number): number {
  const first = signature[at];
  if (first === 'a') return endOfType(signature, at + 1);
  if (first !== '(' && first !== '{') return at + 1;
  let depth = 0;
  for (let end = at; end < signature.length; end += 1) {
    if ('({'.includes(signature[end] ?? '')) depth += 1;
    if (')}'.includes(signature[end] ?? '')) depth -= 1;
    if (depth === 0) return end + 1;
  }
  throw new Error(`unclosed signature ${signature}`);
}

export class Writer {
  #bytes = Buffer.alloc(256);
  #length = 0;

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  align(to: number): void {
    this.#grow((to - (this.#length % to)) % to);
  }

  #grow(by: number): number {
    const at = this.#length;
    this.#length += by;
    while (this.#length > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]);
    }
    return at;
  }

  u32(value: number): void {
    this.align(4);
    const at = this.#grow(4);
    this.#bytes.writeUInt32LE(value, at);
  }

  put(type: string, value: unknown): void {
    const code = type[0] ?? '';
    this.align(SIZES[code] ?? 1);
    switch (code) {
      case 'y': {
        const at = this.#grow(1);
        this.#bytes.writeUInt8(Number(value), at);
        return;
      }
      case 'i': {
        const at = this.#grow(4);
        this.#bytes.writeInt32LE(Number(value), at);
        return;
      }
      case 'u':
      case 'b':
        return this.u32(Number(value));
      case 's':
      case 'o':
      case 'g':
        return this.#text(code, String(value));
      case 'v': {
        const { type: inner, value: held } = value as Variant;
        this.put('g', inner);
        return this.put(inner, held);
      }
      case 'a':
        return this.#array(type.slice(1), value as readonly unknown[]);
      case '(':
      case '{':
        for (const [i, one] of typesOf(type.slice(1, -1)).entries()) {
          this.put(one, (value as readonly unknown[])[i]);
        }
        return;
      default:
        throw new Error(`cannot write a D-Bus ${code}`);
    }
  }

  #text(code: string, text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    if (code === 'g') this.put('y', bytes.length);
    else this.u32(bytes.length);
    const at = this.#grow(bytes.length + 1);
    bytes.copy(this.#bytes, at);
  }

  #array(type: string, values: readonly unknown[]): void {
    this.u32(0);
    const lengthAt = this.#length - 4;
    this.align(SIZES[type[0] ?? ''] ?? 1);
    const start = this.#length;
    for (const one of values) this.put(type, one);
    this.#bytes.writeUInt32LE(this.#length - start, lengthAt);
  }
}

export class Reader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  align(to: number): void {
    this.#at += (to - (this.#at % to)) % to;
  }

  #take(size: number): number {
    const at = this.#at;
    this.#at += size;
    return at;
  }

  get(type: string): unknown {
    const code = type[0] ?? '';
    const size = SIZES[code] ?? 1;
    this.align(size);
    switch (code) {
      case 'y':
        return this.#bytes.readUInt8(this.#take(1));
      case 'n':
        return this.#bytes.readInt16LE(this.#take(2));
      case 'q':
        return this.#bytes.readUInt16LE(this.#take(2));
      case 'i':
        return this.#bytes.readInt32LE(this.#take(4));
      case 'u':
        return this.#bytes.readUInt32LE(this.#take(4));
      case 'b':
        return this.#bytes.readUInt32LE(this.#take(4)) === 1;
      case 'x':
        return this.#bytes.readBigInt64LE(this.#take(8));
      case 't':
        return this.#bytes.readBigUInt64LE(this.#take(8));
      case 'd':
        return this.#bytes.readDoubleLE(this.#take(8));
      case 's':
      case 'o':
      case 'g':
        return this.#text(code);
      case 'v': {
        const inner = String(this.get('g'));
        return { type: inner, value: this.get(inner) } satisfies Variant;
      }
      case 'a':
        return this.#array(type.slice(1));
      case '(':
      case '{':
        return typesOf(type.slice(1, -1)).map((one) => this.get(one));
      default:
        throw new Error(`cannot read a D-Bus ${code}`);
    }
  }

  #text(code: string): string {
    const length = Number(this.get(code === 'g' ? 'y' : 'u'));
    const at = this.#take(length + 1);
    return this.#bytes.toString('utf8', at, at + length);
  }

  #array(type: string): unknown {
    const length = Number(this.get('u'));
    this.align(SIZES[type[0] ?? ''] ?? 1);
    const end = this.#at + length;
    if (type === 'y') {
      const at = this.#take(length);
      return this.#bytes.subarray(at, end);
    }
    const values: unknown[] = [];
    while (this.#at < end) values.push(this.get(type));
    return values;
  }
}
