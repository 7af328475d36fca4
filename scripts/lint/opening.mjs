// A rule for ESLint: a docstring says what it is about by itself, because a hover shows no other one beside it.

/** Openings that go on with a sentence which stands elsewhere. */
const LEANING = /^\*\s*(?:\*\s*)?((?:Of|As|The same)\b(?:\s+(?:above|before))?)/;

/** @type {import('eslint').Rule.RuleModule} */
export const opening = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { leaning: '"{{words}}" opens a docstring that nobody can read alone: say what this is.' },
  },
  create: (context) => ({
    Program() {
      for (const { type, value, loc } of context.sourceCode.getAllComments()) {
        const words = type === 'Block' ? LEANING.exec(value)?.[1] : undefined;
        if (words !== undefined && loc) context.report({ loc, messageId: 'leaning', data: { words } });
      }
    },
  }),
};
