import type { Scenario } from '../scenario.js';
import { abuse } from './abuse.js';
import { all } from './all.js';
import { embedded } from './embedded.js';
import { endToEnd } from './end-to-end.js';
import { idle } from './idle.js';
import { own } from './own.js';
import { peak } from './peak.js';
import { get, patch } from './requests.js';
import { resume } from './resume.js';
import { storm } from './storm.js';

export const SCENARIOS: readonly Scenario[] = [
  all,
  own,
  idle,
  storm,
  patch,
  get,
  endToEnd,
  resume,
  embedded,
  peak,
  abuse,
];
