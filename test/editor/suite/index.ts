// Every suite, in the order in which they run.
import './commands.test';
import './tree.test';
import './terminal.test';
import './server.test';
import './dialects.test';
import './environments.test';
import './flood.test';
