import type { PageConfig } from '../../src/page-config.js';

/** What the installation tells the page. */
export const config: PageConfig = await (await fetch('/config.json')).json();
