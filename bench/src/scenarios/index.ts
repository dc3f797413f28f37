import type { Scenario } from '../scenario.js';
import { all } from './all.js';
import { idle } from './idle.js';
import { own } from './own.js';

export const SCENARIOS: readonly Scenario[] = [all, own, idle];
