import { answerLookUps } from './http/network/answerLookUps';

// Run by a server that is asked for a web page by name.
answerLookUps();
