import t from 'tap';
import { parseOptions, UsageError } from '../src/options.js';

t.test('all have a default, and each can be set', async (t) => {
  t.same(parseOptions([]), {
    help: false,
    url: new URL('http://127.0.0.1:3000'),
    page: new URL('http://127.0.0.1:3000'),
    drones: 50,
    rate: 20,
    seed: 1,
    durationSeconds: undefined,
  });
  const args = '--url https://api.example --drones 7 --rate 0.5 --seed 0 --duration 60'.split(' ');
  t.match(parseOptions(args), {
    page: new URL('https://api.example'),
    drones: 7,
    rate: 0.5,
    seed: 0,
    durationSeconds: 60,
  });
  t.match(parseOptions([...args, '--page', 'https://fleet.example']), {
    url: new URL('https://api.example'),
    page: new URL('https://fleet.example'),
  });
  t.equal(parseOptions(['--help']).help, true);
});

t.test('a bad value is told in one line that names the option', async (t) => {
  for (const [option, ...values] of [
    ['--url', 'nonsense', 'ftp://host', ''],
    ['--page', 'nonsense', '/fleet'],
    ['--drones', '0', '1.5', 'many', ''],
    ['--rate', '0', 'fast', 'Infinity', 'NaN'],
    ['--seed', '4294967296', '0.1'],
    ['--duration', '0', '3000000', '-1'],
    ['--colour', 'red'],
  ] as const) {
    for (const value of values) {
      t.throws(() => parseOptions([option, value]), UsageError, `${option} ${value}`);
      try {
        parseOptions([option, value]);
      } catch (error) {
        t.match((error as Error).message, new RegExp(`^[^\\n]*${option}[^\\n]*$`));
      }
    }
  }
});
