export { contains, type Interval, interval, merged } from './intervals.js';
