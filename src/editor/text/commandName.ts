import { shortLine } from './clean';
import { processLabel, type Named } from './commandLabel';
import { essence } from './essence';

const COMMAND_CHARACTERS = 60;

/** A command in a sentence: short, and without what goes without saying. */
export function commandName(named: Named): string {
  return shortLine(essence(processLabel(named)), COMMAND_CHARACTERS);
}
