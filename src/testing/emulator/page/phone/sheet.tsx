import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ActionContent } from '../../view.js';
import { Icon } from '../icon.js';
import { listIn, memberOf, textIn } from '../words.js';
import type { OpenSheet } from './interactive.js';

interface SheetProps {
  readonly sheet: OpenSheet;
  readonly onReply: (content: ActionContent) => void;
  readonly onClose: () => void;
}

/** A list or a Flow that the customer opened, over the chat. */
export function Sheet({ sheet, onReply, onClose }: SheetProps): VNode {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    root.current?.querySelector<HTMLElement>('button, input')?.focus();
  }, []);
  const title = sheet.kind === 'list' ? textIn(memberOf(sheet.interactive, 'action'), 'button') : sheet.title;
  return (
    <div
      class="sheet-of"
      role="dialog"
      aria-label={title}
      ref={root}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <div class="sheet-head">
        <h3>{title}</h3>
        <button type="button" class="tool" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      {sheet.kind === 'list' ? <Rows interactive={sheet.interactive} onReply={onReply} /> : <FlowForm onReply={onReply} />}
    </div>
  );
}

function Rows({ interactive, onReply }: { readonly interactive: unknown; readonly onReply: (content: ActionContent) => void }): VNode {
  return (
    <div class="rows">
      {listIn(memberOf(interactive, 'action'), 'sections').map((section, index) => (
        <section key={index}>
          {textIn(section, 'title') !== '' && <h4>{textIn(section, 'title')}</h4>}
          {listIn(section, 'rows').map((row) => {
            const [id, title, description] = [textIn(row, 'id'), textIn(row, 'title'), textIn(row, 'description')];
            return (
              <button
                type="button"
                key={id}
                onClick={() => {
                  const reply = { id, title, ...(description !== '' && { description }) };
                  onReply({ type: 'interactive', interactive: { type: 'list_reply', list_reply: reply } });
                }}
              >
                <strong>{title}</strong>
                {description !== '' && <small>{description}</small>}
              </button>
            );
          })}
        </section>
      ))}
    </div>
  );
}

function FlowForm({ onReply }: { readonly onReply: (content: ActionContent) => void }): VNode {
  const [values, setValues] = useState({ name: '', answer: '' });
  const field = (key: keyof typeof values, label: string): VNode => (
    <label>
      {label}
      <input
        required
        value={values[key]}
        onInput={(event) => {
          setValues({ ...values, [key]: event.currentTarget.value });
        }}
      />
    </label>
  );
  return (
    <form
      class="flow"
      onSubmit={(event) => {
        event.preventDefault();
        const response = JSON.stringify({ flow_token: 'unused', ...values });
        onReply({
          type: 'interactive',
          interactive: { type: 'nfm_reply', nfm_reply: { name: 'flow', body: 'Sent', response_json: response } },
        });
      }}
    >
      <p class="note">The emulator replaces the screens of your Flow with this form.</p>
      {field('name', 'Name')}
      {field('answer', 'Answer')}
      <button class="main">Submit</button>
    </form>
  );
}
