import { compactVerify } from 'jose';
import type { BearerCheck } from './access';
import { ClaimRefusal, judgeClaims, type ClaimRules } from './claims';

/**
 * Checks JWTs that are signed with HS256. To be imported dynamically, so that nothing else pays for its
 * library.
 * @param secret at least 32 bytes
 */
export function signedBearer(secret: Buffer, rules: ClaimRules): BearerCheck {
  return async (token) => {
    try {
      if (!token.split('.').every(isBase64url)) return ClaimRefusal.malformed;
      const { payload } = await compactVerify(token, secret, { algorithms: ['HS256'] });
      const claims: unknown = JSON.parse(UTF8.decode(payload));
      return judgeClaims(claims, rules, Math.floor(Date.now() / 1000));
    } catch {
      // Whatever is wrong with it, the client learns no more.
      return ClaimRefusal.malformed;
    }
  };
}

/** The library also decodes padding, the other alphabet and left-over bits, so that one token has many texts. */
function isBase64url(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
