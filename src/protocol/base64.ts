/**
 * Strict standard base64: padded, canonical, no white space (docs/protocol/README.md#notation).
 * Node's own decoder takes almost anything, and leaves out what it does not know: the text is good if nothing is missing.
 */

/** Not base64; the message is the reference's decoder text. */
export class Base64Error extends Error {
  override readonly name = 'Base64Error';
}

/**
 * Decodes `text`, with no memory but for the result.
 *
 * @throws Base64Error
 */
export function decodeBase64(text: string): Buffer {
  if (text.length % 4 === 0 && isPlain(text)) {
    const bytes = Buffer.from(text, 'base64');
    const symbols = text.length - paddingOf(text);
    if (bytes.length === Math.floor((symbols * 3) / 4) && !spareBits(text, symbols)) return bytes;
  }
  throw new Base64Error(explain(text));
}

/** Has no character that Node would take for one of the alphabet: it looks at the low bytes only, and knows two more. */
function isPlain(text: string): boolean {
  return Buffer.byteLength(text) === text.length && !text.includes('-') && !text.includes('_');
}

function paddingOf(text: string): number {
  if (!text.endsWith('=')) return 0;
  return text.endsWith('==') ? 2 : 1;
}

/** Bytes that are encoded at once; a multiple of three, so that the pieces join without padding. */
const PIECE_BYTES = 3 * 256 * 1024;

/** Characters of base64 that so many bytes become. */
export function encodedLength(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

/** `data` as ASCII bytes of base64, for content that is too large to be a string as well. */
export function encodeBase64(data: Buffer): Buffer {
  const encoded = Buffer.allocUnsafe(encodedLength(data.length));
  for (let start = 0, end = 0; start < data.length; start += PIECE_BYTES) {
    end += encoded.write(
      data.toString('base64', start, Math.min(start + PIECE_BYTES, data.length)),
      end,
      'latin1',
    );
  }
  return encoded;
}

const FOREIGN = /[^A-Za-z0-9+/]/;
const VALUES = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function explain(text: string): string {
  const end = text.search(FOREIGN);
  // Up to here a character is a byte.
  const symbols = end === -1 ? text.length : end;
  const padding = text.length - symbols;
  const isPadding = padding <= 2 && text.endsWith('='.repeat(padding));
  if (!isPadding || (padding > 0 && symbols % 4 < 2)) {
    return `Invalid symbol ${firstByte(text, symbols)}, offset ${symbols}.`;
  }
  if (symbols % 4 === 1) return `Invalid input length: ${symbols}`;
  if ((symbols + padding) % 4 !== 0 || !spareBits(text, symbols)) return 'Invalid padding';
  return `Invalid last symbol ${text.charCodeAt(symbols - 1)}, offset ${symbols - 1}.`;
}

/** The bytes of the character at `index` in UTF-8. */
function firstByte(text: string, index: number): number {
  return Buffer.from(String.fromCodePoint(text.codePointAt(index) ?? 0))[0] ?? 0;
}

/** Whether the last symbol has bits that padding leaves over; they must be zero. */
function spareBits(text: string, symbols: number): boolean {
  const masks = [0, 0, 0b1111, 0b11];
  return (VALUES.indexOf(text.charAt(symbols - 1)) & (masks[symbols % 4] ?? 0)) !== 0;
}
