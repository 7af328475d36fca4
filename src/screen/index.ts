export type { ScreenText } from './messages';
export { Screen } from './screen';
