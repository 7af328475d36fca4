import * as v from 'valibot';
import { integer, object } from '../members';
import { CHARACTERS_PER_TOKEN } from './cursors';
import { maxTokensMember, sessionIdMember } from './members';
import { plain } from './plain';
import { toSee } from './processes';
import { status, tokensOf } from './report';
import { align, flush, readRange, textOf, type Decoders } from './retained';
import { tool } from './tool';

export const readOutput = tool({
  name: 'read_output',
  title: 'Read Output',
  effect: 'reads',
  description:
    'Reads output of a command again, at any position that is still kept, also after it has ended. Does not wait, and ' +
    'changes nothing for write_stdin.',
  schema: object({
    session_id: sessionIdMember,
    offset: v.optional(
      v.pipe(
        integer(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
        v.description(
          'The byte to begin at, counted from the beginning of all output; negative: from the end. The last tokens that fit when absent.',
        ),
      ),
    ),
    max_output_tokens: maxTokensMember,
  }),
  run: async ({ session_id, offset, max_output_tokens }, call) => {
    const process = toSee(call, session_id);
    const end = process.totalBytes;
    const room = tokensOf(call, max_output_tokens) * CHARACTERS_PER_TOKEN;
    const wanted = offset === undefined ? end - room : offset < 0 ? end + offset : offset;
    const from = await align(process, Math.min(Math.max(wanted, 0), end));
    const to = from + room < end ? await align(process, from + room) : end;
    const pieces = await readRange(process, from, to);
    const decoders: Decoders = new Map();
    const text = textOf(pieces, from, decoders) + flush(decoders);
    return [
      status(process),
      `Bytes ${from} to ${to} of ${end}`,
      ...(to < end ? [`Go on with offset ${to}.`] : []),
      'Output:',
      plain(text),
    ].join('\n');
  },
});
