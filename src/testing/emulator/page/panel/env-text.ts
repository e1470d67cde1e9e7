import type { EmulatorView } from '../../view.js';

/** The lines of a `.env`. */
export function envText({ env }: EmulatorView): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}
