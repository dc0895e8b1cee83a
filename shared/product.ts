// What the product is called where an operating system asks for a name that nobody else has.

/** A name that nobody owns (RFC 2606). It becomes a real one before anything is signed: keychains and toasts go by it. */
export const APP_ID = 'invalid.countersign.app';
