import { render } from 'preact';
import { App } from './app.js';
import { start } from './state/live.js';
import { startRefreshing } from './state/refresh.js';
import { isSignedOut } from './state/session.js';
import './styles.css';

if (!isSignedOut.value) {
  start();
  startRefreshing();
}
render(<App />, document.querySelector('#app') as HTMLElement);
