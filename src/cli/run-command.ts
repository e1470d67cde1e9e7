import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { packageVersion } from '../runtime/user-agent.js';
import { describeUsage, exitDone, exitInterrupted, exitUsage, type Command, type CommandContext } from './command.js';
import { doctorCommand } from './doctor-command.js';
import { emulatorCommand } from './emulator-command.js';
import { fixtureCommand } from './fixture-command.js';
import { flowsCommand } from './flows/flows-command.js';
import { listenCommand } from './listen-command.js';
import { replayCommand } from './replay-command.js';
import { templatesCommand } from './templates/templates-command.js';
import { triggerCommand } from './trigger-command.js';

/** All commands by name. */
const commands: ReadonlyMap<string, Command> = /* @__PURE__ */ new Map([
  ['doctor', doctorCommand],
  ['emulator', emulatorCommand],
  ['fixture', fixtureCommand],
  ['flows', flowsCommand],
  ['listen', listenCommand],
  ['replay', replayCommand],
  ['templates', templatesCommand],
  ['trigger', triggerCommand],
]);

/**
 * Runs the command in the arguments.
 *
 * @param args - The arguments of the process.
 * @param context - See {@link CommandContext}.
 * @returns the exit code: 0 success, 1 failure, 2 invalid command line
 */
export async function runCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const [name, ...rest] = args;
  const { write, writeError } = context;
  if (name === '--version' || name === '-v') {
    write(packageVersion);
    return exitDone;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const [topic] = name === 'help' ? rest : [];
    const command = topic === undefined ? undefined : commands.get(topic);
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
  const prepared = readEnvFile(rest, context.env);
  if (typeof prepared === 'string') {
    writeError(describeUsage(name, prepared, command.help));
    return exitUsage;
  }
  const running = command.run(prepared.args, { ...context, env: prepared.env });
  return command.endsOnSignal === true ? running : Promise.race([running, interrupted(context.signal)]);
}

interface PreparedCommand {
  readonly args: readonly string[];
  readonly env: CommandContext['env'];
}

/**
 * Removes `--env-file` from the arguments and adds its variables. As in Node, the environment takes precedence over the
 * file.
 */
function readEnvFile(args: readonly string[], env: CommandContext['env']): PreparedCommand | string {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const index = args.findIndex((arg, position) => position < end && /^--env-file(?:=|$)/.test(arg));
  const option = args[index];
  if (option === undefined) return { args, env };
  const isInline = option.includes('=');
  const file = isInline ? option.slice('--env-file='.length) : args[index + 1];
  if (file === undefined || file === '') return '--env-file needs the name of a file.';
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return `--env-file can't read ${JSON.stringify(file)}.`;
  }
  const set = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  return { args: args.toSpliced(index, isInline ? 1 : 2), env: { ...parseEnv(text), ...Object.fromEntries(set) } };
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
  return `Usage: wa-coexist COMMAND …

Commands:
${lines.join('\n')}

--env-file FILE   reads environment variables from a file, for each command
--version         prints the version

For the options of a command, run: wa-coexist COMMAND --help`;
}
