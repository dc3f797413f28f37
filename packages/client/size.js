export { connect } from './dist/index.js';
