import { exitDone, exitInterrupted, exitUsage, type Command, type CommandSurroundings } from './command.js';
import { doctorCommand } from './doctor-command.js';
import { emulatorCommand } from './emulator-command.js';
import { replayCommand } from './replay-command.js';
import { templatesCommand } from './templates/templates-command.js';

/** Every command by its name. */
const commands: ReadonlyMap<string, Command> = /* @__PURE__ */ new Map([
  ['doctor', doctorCommand],
  ['emulator', emulatorCommand],
  ['replay', replayCommand],
  ['templates', templatesCommand],
]);

/** Runs the command that the arguments name and resolves with the exit code: 0 done, 1 failed, 2 not understood. */
export async function runCommand(args: readonly string[], surroundings: CommandSurroundings): Promise<number> {
  const [name, ...rest] = args;
  const { write, writeError } = surroundings;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const [about] = name === 'help' ? rest : [];
    const command = about === undefined ? undefined : commands.get(about);
    (name === undefined ? writeError : write)(command?.help ?? overview());
    return name === undefined ? exitUsage : exitDone;
  }
  const command = commands.get(name);
  if (!command) {
    writeError(`wa-coexist: there is no command ${JSON.stringify(name)}.\n\n${overview()}`);
    return exitUsage;
  }
  const options = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  if (options.includes('--help') || options.includes('-h')) {
    write(command.help);
    return exitDone;
  }
  const running = command.run(rest, surroundings);
  return command.endsOnSignal === true ? running : Promise.race([running, interrupted(surroundings.signal)]);
}

function interrupted(signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    const end = (): void => {
      resolve(exitInterrupted);
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

function overview(): string {
  const lines = Array.from(commands, ([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`);
  return `Usage: wa-coexist COMMAND …\n\nCommands:\n${lines.join('\n')}\n\nwa-coexist COMMAND --help tells more.`;
}
