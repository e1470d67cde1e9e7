import type { VNode } from 'preact';
import type { ChatMessageView } from '../../view.js';
import { Icon } from '../icon.js';
import { initials, listIn, memberOf, textIn } from '../words.js';
import { DocumentFile, Picture, Place, Voice } from './files.js';
import { FormattedText } from './format-text.js';
import { InteractiveMessage, TemplateMessage, type MessageActions } from './interactive.js';

interface MessageContentProps {
  readonly message: ChatMessageView;
  readonly actions: MessageActions | undefined;
  readonly onPlay: (() => void) | undefined;
}

/** The content of a bubble, by the type of the message. */
export function MessageContent({ message, actions, onPlay }: MessageContentProps): VNode {
  const { id, type, text, template } = message;
  const content = message.content[type];
  switch (type) {
    case 'text':
      return <Text text={text} />;
    case 'image':
    case 'video':
    case 'sticker':
      return (
        <>
          <Picture file={content} kind={type} />
          <Text text={textIn(content, 'caption')} />
        </>
      );
    case 'audio':
      return <Voice file={content} id={id} {...(onPlay && { onPlay })} />;
    case 'document':
      return (
        <>
          <DocumentFile file={content} />
          <Text text={textIn(content, 'caption')} />
        </>
      );
    case 'location':
      return <Place place={content} />;
    case 'contacts':
      return <Contacts contacts={Array.isArray(content) ? content : []} />;
    case 'interactive':
      return <Interactive content={content} actions={actions} />;
    case 'template':
      return template ? <TemplateMessage template={template} actions={actions} /> : <Text text={text} />;
    case 'button':
      return <Reply icon="reply" title={textIn(content, 'text')} />;
    case 'order':
      return <Reply icon="list" title={`Order of ${String(listIn(content, 'product_items').length)} products`} />;
    default:
      return <Text text={text} />;
  }
}

function Text({ text }: { readonly text: string }): VNode | null {
  if (text === '') return null;
  const isEmoji = /^\p{Extended_Pictographic}{1,3}$/u.test(text);
  return (
    <p class={isEmoji ? 'emoji' : ''}>
      <FormattedText text={text} />
    </p>
  );
}

function Interactive({ content, actions }: { readonly content: unknown; readonly actions: MessageActions | undefined }): VNode {
  const reply = memberOf(content, 'button_reply') ?? memberOf(content, 'list_reply');
  if (reply !== undefined) return <Reply icon="reply" title={textIn(reply, 'title')} note={textIn(reply, 'description')} />;
  const form = memberOf(content, 'nfm_reply');
  if (form !== undefined) return <Reply icon="flow" title="Form sent" note={textIn(form, 'response_json')} />;
  return <InteractiveMessage content={content} actions={actions} />;
}

function Reply({
  icon,
  title,
  note = '',
}: {
  readonly icon: 'reply' | 'flow' | 'list';
  readonly title: string;
  readonly note?: string;
}): VNode {
  return (
    <span class="tapped">
      <Icon name={icon} />
      <span>
        {title}
        {note !== '' && <small>{note}</small>}
      </span>
    </span>
  );
}

function Contacts({ contacts }: { readonly contacts: readonly unknown[] }): VNode {
  return (
    <>
      {contacts.map((contact, index) => {
        const name = textIn(memberOf(contact, 'name'), 'formatted_name') || 'Contact';
        return (
          <span class="vcard" key={index}>
            <span class="avatar" aria-hidden="true">
              {initials(name)}
            </span>
            <span>
              <strong>{name}</strong>
              {listIn(contact, 'phones').map((phone, position) => (
                <small key={position}>{textIn(phone, 'phone')}</small>
              ))}
            </span>
          </span>
        );
      })}
    </>
  );
}
