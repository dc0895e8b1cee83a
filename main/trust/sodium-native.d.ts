// The one call that is made of sodium-native, which ships no types.

declare module 'sodium-native' {
  const sodium: {
    /** libsodium's pure Ed25519: throws for a signature under 64 bytes or a key that is not of 32. */
    crypto_sign_verify_detached(
      signature: Uint8Array,
      message: Uint8Array,
      publicKey: Uint8Array,
    ): boolean;
  };
  export default sodium;
}
