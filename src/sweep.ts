import { crashSweep } from './process/orphans/crashSweep';

// Run after a host has died; there is nobody left to report to.
const [, , ledger = '', firstMark] = process.argv;
void crashSweep(ledger, Number(firstMark ?? 0));
