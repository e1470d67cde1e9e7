import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { ActionContent, ChatMessageView } from '../../view.js';
import { Icon, type IconName } from '../icon.js';
import { shrinkPicture } from './shrink-picture.js';

interface ComposerProps {
  readonly label: string;
  readonly quoted?: ChatMessageView | undefined;
  readonly onUnquote?: () => void;
  readonly onSend: (content: ActionContent) => Promise<boolean>;
}

const samples: readonly { readonly name: string; readonly icon: IconName; readonly content: ActionContent }[] = [
  { name: 'Photo', icon: 'picture', content: { type: 'image', image: { data: 'sample', caption: 'Our table at the quay' } } },
  { name: 'Voice', icon: 'microphone', content: { type: 'audio', audio: { voice: true } } },
  { name: 'Video', icon: 'video', content: { type: 'video', video: {} } },
  { name: 'Document', icon: 'document', content: { type: 'document', document: { filename: 'order-1042.pdf' } } },
  { name: 'Sticker', icon: 'sticker', content: { type: 'sticker', sticker: { animated: false } } },
  {
    name: 'Location',
    icon: 'pin',
    content: { type: 'location', location: { latitude: 59.3293, longitude: 18.0686, name: 'Old Town', address: 'Stortorget 1' } },
  },
  {
    name: 'Contact',
    icon: 'contact',
    content: {
      type: 'contacts',
      contacts: [{ name: { formatted_name: 'Jonas Weber', first_name: 'Jonas' }, phones: [{ phone: '+1 555 010 0988', type: 'CELL' }] }],
    },
  },
];

/** A line for a message, with a menu of attachments. It is emptied after the message is sent. */
export function Composer({ label, quoted, onUnquote, onSend }: ComposerProps): VNode {
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const send = (content: ActionContent): void => {
    setOpen(false);
    void onSend(content);
  };
  return (
    <div class="composer">
      {quoted && (
        <div class="quoted">
          <span class="quote">{quoted.text}</span>
          <button type="button" class="tool" aria-label="Remove the quote" onClick={onUnquote}>
            <Icon name="close" />
          </button>
        </div>
      )}
      {isOpen && (
        <div class="attachments" role="group" aria-label="Attachments">
          {samples.map(({ name, icon, content }) => (
            <button
              type="button"
              key={name}
              onClick={() => {
                send(content);
              }}
            >
              <span class={`round ${icon}`}>
                <Icon name={icon} />
              </span>
              {name}
            </button>
          ))}
          <button type="button" onClick={() => file.current?.click()}>
            <span class="round attach">
              <Icon name="attach" />
            </span>
            Your photo
          </button>
        </div>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void onSend({ type: 'text', text: { body: text } }).then((sent) => {
            if (sent) setText('');
          });
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setOpen(false);
        }}
      >
        <button
          type="button"
          class="tool"
          aria-label={`Attach to the message: ${label}`}
          aria-expanded={isOpen}
          onClick={() => {
            setOpen(!isOpen);
          }}
        >
          <Icon name="attach" />
        </button>
        <input
          aria-label={label}
          placeholder="Message"
          required
          autoComplete="off"
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
          }}
        />
        <button class="round send" aria-label={`Send: ${label}`}>
          <Icon name="send" />
        </button>
        <input
          ref={file}
          class="hidden"
          type="file"
          accept="image/*"
          tabIndex={-1}
          aria-label={`Photo: ${label}`}
          onChange={(event) => {
            const [picture] = event.currentTarget.files ?? [];
            if (picture) void shrinkPicture(picture).then((data) => onSend({ type: 'image', image: { mime_type: 'image/jpeg', data } }));
            setOpen(false);
          }}
        />
      </form>
    </div>
  );
}
