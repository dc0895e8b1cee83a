// Every response's headers. The page may load its own files and open its own socket, and nothing else: no inline script,
// no eval, no other origin, no frame, no form (security note 6.1 row 7).

/** One line. `connect-src` names the socket itself: 'self' does not cover ws: in every browser. */
export const contentSecurityPolicy = (port: number): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    `connect-src ws://127.0.0.1:${port}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

export const responseHeaders = (port: number): Readonly<Record<string, string>> => ({
  'content-security-policy': contentSecurityPolicy(port),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'camera=(), microphone=(), geolocation=(), clipboard-read=(), display-capture=(), usb=(), serial=(), hid=()',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
});
