import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Runs a script in a process of its own. What it sends may hold any number, infinity among them. */
export function child(script: URL, parameters: readonly string[], nodeOptions: readonly string[] = []): ChildProcess {
  return fork(fileURLToPath(script), parameters, { execArgv: [...nodeOptions], serialization: 'advanced' });
}

/** The first message of a child process. @throws `Error` if it ends without one. */
export async function messageOf<Message>(from: ChildProcess): Promise<Message> {
  const ended = once(from, 'exit').then(([code]: unknown[]) => {
    throw new Error(`A process of the benchmark ended with ${String(code)}.`);
  });
  // What a child sends is what its script says.
  const [message] = (await Promise.race([once(from, 'message'), ended])) as [Message];
  return message;
}
