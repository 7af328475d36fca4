// A rule for ESLint: a file that is larger than this has more than one idea.

const MAX_BYTES = 12 * 1024;

/** @type {import('eslint').Rule.RuleModule} */
export const size = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { large: 'The file has {{bytes}} bytes; the limit is {{most}}: divide it by its ideas.' },
  },
  create: (context) => ({
    Program(node) {
      const bytes = Buffer.byteLength(context.sourceCode.text);
      if (bytes <= MAX_BYTES) return;
      context.report({ node, messageId: 'large', data: { bytes: `${bytes}`, most: `${MAX_BYTES}` } });
    },
  }),
};
