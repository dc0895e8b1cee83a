// A host name's letters outside ASCII, in the form that the name system uses (RFC 3492), so that two names that look
// alike can be told apart. Shown beside the name itself, never in its place.

const [BASE, T_MIN, T_MAX, SKEW, DAMP, FIRST_BIAS, FIRST_POINT] = [36, 1, 26, 38, 700, 72, 128];

/** Undefined for a host that is ASCII already, or too long for a name. Other marks in it stay as they are. */
export function punycode(host: string): string | undefined {
  if (/^[\u0000-\u007f]*$/.test(host) || host.length > 253) return undefined;
  const labels = host.split('.').map((label) => encode(Array.from(label)));
  return labels.join('.');
}

function encode(chars: readonly string[]): string {
  const points = chars.map((char) => char.codePointAt(0) ?? 0);
  const basic = points.filter((point) => point < FIRST_POINT);
  if (basic.length === points.length) return chars.join('');
  let out = basic.map((point) => String.fromCharCode(point)).join('');
  if (basic.length > 0) out += '-';
  let bias = FIRST_BIAS;
  let delta = 0;
  let low = FIRST_POINT;
  let done = basic.length;
  while (done < points.length) {
    const next = Math.min(...points.filter((point) => point >= low));
    delta += (next - low) * (done + 1);
    for (const point of points) {
      if (point < next) delta++;
      if (point !== next) continue;
      out += digits(delta, bias);
      bias = adapt(delta, done + 1, done === basic.length);
      delta = 0;
      done++;
    }
    delta++;
    low = next + 1;
  }
  return `xn--${out}`;
}

const digit = (value: number): string => 'abcdefghijklmnopqrstuvwxyz0123456789'.charAt(value);

function digits(delta: number, bias: number): string {
  let out = '';
  let rest = delta;
  for (let k = BASE; ; k += BASE) {
    const t = Math.min(Math.max(k - bias, T_MIN), T_MAX);
    if (rest < t) return out + digit(rest);
    out += digit(t + ((rest - t) % (BASE - t)));
    rest = Math.floor((rest - t) / (BASE - t));
  }
}

function adapt(delta: number, points: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? DAMP : 2));
  rest += Math.floor(rest / points);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}
