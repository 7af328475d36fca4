import { main } from './attach/far/main';

// Run on another machine, by the Node there.
const [, nonce = '', likely = ''] = process.argv;
void main(nonce, likely);
