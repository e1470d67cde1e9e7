import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Runs a script in its own process. Its messages may contain any number, including infinity. */
export function child(script: URL, parameters: readonly string[], nodeOptions: readonly string[] = []): ChildProcess {
  return fork(fileURLToPath(script), parameters, { execArgv: [...nodeOptions], serialization: 'advanced' });
}

/** Returns the first message of a child process. @throws `Error` if the process ends without one. */
export async function messageOf<Message>(from: ChildProcess): Promise<Message> {
  const ended = once(from, 'exit').then(([code]: unknown[]) => {
    throw new Error(`A process of the benchmark ended with ${String(code)}.`);
  });
  // The script of the child defines the type of its messages.
  const [message] = (await Promise.race([once(from, 'message'), ended])) as [Message];
  return message;
}
