/**
 * Strict standard base64: padded, canonical, no white space (PROTOCOL, notation and chapter 8).
 * Node's own decoder takes almost anything, so its result is checked by encoding it again.
 */

/** Not base64; the message is the reference's decoder text. */
export class Base64Error extends Error {
  override readonly name = 'Base64Error';
}

/** Decodes `text`; throws a Base64Error. */
export function decodeBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (text.length % 4 === 0 && bytes.toString('base64') === text) return bytes;
  throw new Base64Error(explain(text));
}

/** Bytes that are encoded at once; a multiple of three, so that the pieces join without padding. */
const PIECE_BYTES = 3 * 256 * 1024;

/** `data` as ASCII bytes of base64, for content that is too large to be a string as well. */
export function encodeBase64(data: Buffer): Buffer {
  const encoded = Buffer.allocUnsafe(Math.ceil(data.length / 3) * 4);
  for (let start = 0, end = 0; start < data.length; start += PIECE_BYTES) {
    end += encoded.write(
      data.toString('base64', start, Math.min(start + PIECE_BYTES, data.length)),
      end,
      'latin1',
    );
  }
  return encoded;
}

const ALPHABET = /[A-Za-z0-9+/]/;
const VALUES = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function explain(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  const end = bytes.findIndex((byte) => !ALPHABET.test(String.fromCharCode(byte)));
  const symbols = end === -1 ? bytes.length : end;
  const tail = bytes.subarray(symbols);
  const isPadding = tail.length <= 2 && tail.every((byte) => byte === 0x3d);
  if (!isPadding || (tail.length > 0 && symbols % 4 < 2)) {
    return `Invalid symbol ${bytes[symbols] ?? 0}, offset ${symbols}.`;
  }
  if (symbols % 4 === 1) return `Invalid input length: ${symbols}`;
  if ((symbols + tail.length) % 4 !== 0) return 'Invalid padding';
  return lastSymbol(bytes, symbols);
}

/** The bits that padding leaves over must be zero. */
function lastSymbol(bytes: Buffer, symbols: number): string {
  const last = bytes[symbols - 1] ?? 0;
  const mask = symbols % 4 === 2 ? 0b1111 : 0b11;
  return (VALUES.indexOf(String.fromCharCode(last)) & mask) === 0
    ? 'Invalid padding'
    : `Invalid last symbol ${last}, offset ${symbols - 1}.`;
}
