import * as v from 'valibot';

/** What the claims of a signed token are held against (docs/protocol/ws-auth.md#claims). */
export interface ClaimRules {
  /** Compared only if given. */
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  /** Seconds by which clocks may differ. */
  readonly maxClockSkewSeconds: number;
}

/** The reference's texts, in the order in which it looks. */
export const ClaimRefusal = {
  malformed: 'invalid websocket jwt',
  expired: 'expired websocket jwt',
  early: 'websocket jwt is not valid yet',
  issuer: 'websocket jwt issuer mismatch',
  audience: 'websocket jwt audience mismatch',
} as const;

/** Seconds since 1970. */
const Time = v.pipe(v.number(), v.integer());
const Claims = v.object({
  exp: Time,
  nbf: v.nullish(Time),
  iss: v.nullish(v.string()),
  aud: v.nullish(v.union([v.string(), v.array(v.string())])),
});

/**
 * Undefined if the claims hold at `now`, in whole seconds since 1970; otherwise a refusal's text.
 * @param claims parsed JSON of any shape, from a token whose signature is good
 */
export function judgeClaims(claims: unknown, rules: ClaimRules, now: number): string | undefined {
  const parsed = v.safeParse(Claims, claims);
  if (!parsed.success) return ClaimRefusal.malformed;
  const { exp, nbf, iss, aud } = parsed.output;
  const { issuer, audience, maxClockSkewSeconds: skew } = rules;
  if (now > exp + skew) return ClaimRefusal.expired;
  if (nbf != null && now < nbf - skew) return ClaimRefusal.early;
  if (issuer !== undefined && iss !== issuer) return ClaimRefusal.issuer;
  const audiences = typeof aud === 'string' ? [aud] : (aud ?? []);
  if (audience !== undefined && !audiences.includes(audience)) return ClaimRefusal.audience;
  return undefined;
}
