// The size of the key under which a copy keeps its texts, for whoever makes one and whoever uses it.

/** AES-256. */
export const DATA_KEY_BYTES = 32;
