/** A line of our own between the output of a command. */
export const dim = (text: string): string => `\x1b[0;2m${text}\x1b[0m\r\n`;
