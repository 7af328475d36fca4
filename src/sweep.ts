import { crashSweep } from './process/crashSweep';

// Run by the crash guard's shell after its host has died; there is nobody left to report to.
void crashSweep(process.argv[2] ?? '');
