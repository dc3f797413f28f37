/** What a process does on request, by name. */
// biome-ignore lint/suspicious/noExplicitAny: each command has its own argument, and callers are typed by the command.
export type Commands = Record<string, (argument: any) => unknown>;

export interface Request {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

/** Answers the parent's requests over IPC. The process ends when the parent does, however that ended. */
export function serve(commands: Commands): void {
  process.on('message', async ({ id, name, argument }: Request) => {
    let reply: Reply;
    try {
      reply = { id, result: await commands[name]?.(argument) };
    } catch (error) {
      reply = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    process.send?.(reply);
  });
  process.on('disconnect', () => process.exit());
}
