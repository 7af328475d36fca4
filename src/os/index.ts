export { MAX_LINKS } from './links';
export { osText } from './osText';
