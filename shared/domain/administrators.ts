// The group of a keyring whose members see who asks to join. It gives no right over keys: those have the roots alone.

export const ADMINISTRATORS = 'admin';

/** Whoever may have the texts of ended requests erased: in solo mode the one person. */
export const mayErase = (
  keyring: { readonly solo: boolean },
  reviewer: { readonly groups: readonly string[] },
): boolean => keyring.solo || reviewer.groups.includes(ADMINISTRATORS);
