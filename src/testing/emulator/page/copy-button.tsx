import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from './icon.js';

const shownMs = 1_500;

/** Copies a text to the clipboard. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }): VNode {
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready');
  const words = { ready: label, copied: 'Copied', failed: 'Select and copy the text' };
  return (
    <button
      type="button"
      class="small copy"
      onClick={() => {
        navigator.clipboard
          .writeText(text)
          .then(() => {
            setState('copied');
          })
          .catch(() => {
            setState('failed');
          })
          .finally(() => {
            setTimeout(() => {
              setState('ready');
            }, shownMs);
          });
      }}
    >
      <Icon name={state === 'copied' ? 'check' : 'copy'} />
      <span aria-live="polite">{words[state]}</span>
    </button>
  );
}
