import type { EmulatorAction, EmulatorView } from '../../view.js';
import type { Act } from '../server.js';

/** What the tabs act on. */
export interface PanelProps {
  readonly view: EmulatorView;
  readonly number: string;
  readonly customer: string;
  readonly act: Act;
  /** Actions of this page, oldest first. */
  readonly history: readonly EmulatorAction[];
  /** Changes with each change of the emulator. */
  readonly version: number;
}
