import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createDiary, type LibraryClientOptions, type Witness } from './library-client.js';

const SCRIPT = fileURLToPath(new URL('../follow.py', import.meta.url));

/** The Python package as a user has it, in a process of its own. `python` is an interpreter that has it installed. */
export function createPythonClient(
  python: string,
  { name, url, transport, sightings }: LibraryClientOptions,
): Witness {
  const diary = createDiary(name, `dronecast for Python, ${transport}`, sightings);
  let child: ChildProcess | undefined;
  return {
    ...diary,
    start: () =>
      new Promise((resolve, reject) => {
        const running = spawn(python, [SCRIPT, url, transport], { stdio: ['ignore', 'pipe', 'inherit'] });
        child = running;
        running.once('error', reject);
        running.once('exit', (code) => reject(new Error(`${SCRIPT} ended with ${code}`)));
        createInterface(running.stdout).on('line', (line) => {
          const told = JSON.parse(line);
          if (told === 'live') {
            diary.connected();
            resolve();
          } else diary.note(told);
        });
      }),
    close: () => void child?.kill('SIGKILL'),
  };
}
