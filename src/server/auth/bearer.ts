import { isDigestOf, isSameToken } from './token';
import type { BearerCheck } from './access';

/** The texts of a refusal, which are the reference's. */
export const BearerRefusal = {
  missing: 'missing websocket bearer token',
  header: 'invalid authorization header',
  token: 'invalid websocket bearer token',
} as const;

/**
 * Reads `Authorization: Bearer TOKEN` and has the token judged. Undefined if the client may come in.
 * @param authorization each value of the field that was sent; more than one is refused
 */
export function checkBearer(
  authorization: readonly string[] | undefined,
  check: BearerCheck,
): ReturnType<BearerCheck> {
  const [value, ...more] = authorization ?? [];
  if (value === undefined) return BearerRefusal.missing;
  const token = more.length === 0 ? /^bearer \s*(\S.*)$/i.exec(value.trim())?.[1] : undefined;
  return token === undefined ? BearerRefusal.header : check(token);
}

/** Compares with the one token that is right. */
export function sameToken(token: string): BearerCheck {
  return (offered) => (isSameToken(offered, token) ? undefined : BearerRefusal.token);
}

/** @param digest the SHA-256 digest of the one token that is right, 32 bytes */
export function capabilityToken(digest: Buffer): BearerCheck {
  return (offered) => (isDigestOf(digest, offered) ? undefined : BearerRefusal.token);
}
