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
      const { payload } = await compactVerify(token, secret, { algorithms: ['HS256'] });
      const claims: unknown = JSON.parse(UTF8.decode(payload));
      return judgeClaims(claims, rules, Math.floor(Date.now() / 1000));
    } catch {
      // Whatever is wrong with it, the client learns no more.
      return ClaimRefusal.malformed;
    }
  };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
