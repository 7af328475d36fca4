// Every suite, in the order in which they run.
import './commands.test';
import './tree.test';
import './terminal.test';
import './server.test';
import './dialects.test';
import './environmentAttach.test';
import './environments.test';
import './environmentTroubles.test';
import './environmentSsh.test';
import './flood.test';
