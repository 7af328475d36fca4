import { scaleAttach } from './attach.ts';
import { scaleWindow } from './window.ts';

const PARTS = { attach: scaleAttach, window: scaleWindow };
const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(PARTS)) {
  const part = PARTS[name];
  if (!part) throw new Error(`no part of this name: ${name}; there are ${Object.keys(PARTS).join(', ')}`);
  for await (const line of part()) console.log(line);
}
process.exit();
