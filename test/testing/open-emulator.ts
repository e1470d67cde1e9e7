import { onTestFinished } from 'vitest';
import { createEmulator } from '../../src/testing/emulator/create-emulator.js';
import { emulatedWorld } from '../../src/testing/emulator/emulated-world.js';
import type { EmulatorView } from '../../src/testing/emulator/view.js';

/** Starts an emulator on a socket, until the end of the test. */
export async function openEmulator() {
  const { fake, time, number } = await emulatedWorld({ seed: 3 });
  const emulator = await createEmulator({ fake, time, number, host: '127.0.0.1', port: 0 });
  onTestFinished(() => emulator.close());
  return {
    fake,
    number,
    url: emulator.url,
    /** Performs an action of the page, and returns the response. */
    act: async (action: object): Promise<unknown> => {
      const response = await fetch(`${emulator.url}/emulator/actions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(action),
      });
      if (!response.ok) throw new Error(await response.text());
      return response.json();
    },
    /** Returns the data that the page shows. */
    view: async (customer?: string): Promise<EmulatorView> => {
      const selection = new URLSearchParams({ number: number.phoneNumberId, ...(customer !== undefined && { customer }) });
      return (await (await fetch(`${emulator.url}/emulator/view?${selection.toString()}`)).json()) as EmulatorView;
    },
  };
}
