export { registerDashboard } from './dashboard.js';
export { type PageConfig, toPageConfig } from './page-config.js';
export { dashboardSettings } from './settings.js';
