import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const TOKEN_BYTES = 32;

/** 32 random bytes as base64url: 43 characters. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** Compares in a time that tells nothing about either text. */
export function isSameToken(offered: string, token: string): boolean {
  return isDigestOf(sha256(token), offered);
}

/** Whether `digest`, 32 bytes, is that of `offered`; takes a time that tells nothing about either. */
export function isDigestOf(digest: Buffer, offered: string): boolean {
  return timingSafeEqual(digest, sha256(offered));
}

/** 32 bytes. */
export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
