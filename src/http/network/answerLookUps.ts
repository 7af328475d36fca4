import { lookup } from 'node:dns';
import type { Answer, Question } from './lookUp';

/** The other side of a `LookUpProcess`: answers until its parent has gone. */
export function answerLookUps(): void {
  process.on('message', ({ id, name }: Question) => {
    lookup(name, { all: true }, (error, addresses) => {
      const answer: Answer = error ? { id, addresses: [], error: error.message } : { id, addresses };
      if (process.connected) process.send?.(answer);
    });
  });
  process.once('disconnect', () => process.exit());
}
