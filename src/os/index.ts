export { osText } from './osText';
