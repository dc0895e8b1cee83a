// How much an approval takes. Policy may raise a tier, never lower it.

export const TIERS = ['low', 'medium', 'high', 'critical'] as const;
export type Tier = (typeof TIERS)[number];

export const atLeast = (tier: Tier, floor: Tier): boolean =>
  TIERS.indexOf(tier) >= TIERS.indexOf(floor);

/** From `high` up an approval says why; a denial never has to (spec: Types). */
export const approvalNeedsReason = (tier: Tier): boolean => atLeast(tier, 'high');
