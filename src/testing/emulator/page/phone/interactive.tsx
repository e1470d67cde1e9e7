import type { ComponentChildren, VNode } from 'preact';
import type { RenderedTemplate, RenderedTemplateCard } from '../../../../templates/render-template.js';
import type { ActionContent } from '../../view.js';
import { Icon, type IconName } from '../icon.js';
import { listIn, memberOf, textIn } from '../words.js';
import { Picture, Place, DocumentFile } from './files.js';
import { FormattedText } from './format-text.js';

/** Something that the customer opens from a message. */
export type OpenSheet = { readonly kind: 'list'; readonly interactive: unknown } | { readonly kind: 'flow'; readonly title: string };

/** What the customer can do with a message. Missing on the business phone. */
export interface MessageActions {
  readonly onReply: (content: ActionContent) => void;
  readonly onOpen: (sheet: OpenSheet) => void;
}

interface ActionButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onPress: (() => void) | undefined;
}

function ActionButton({ icon, label, onPress }: ActionButtonProps): VNode {
  return (
    <button type="button" class="option" disabled={!onPress} onClick={onPress}>
      <Icon name={icon} />
      {label}
    </button>
  );
}

/** A message with buttons, a list, a link, a Flow or another action. */
export function InteractiveMessage({
  content,
  actions,
}: {
  readonly content: unknown;
  readonly actions: MessageActions | undefined;
}): VNode {
  const header = memberOf(content, 'header');
  const body = textIn(memberOf(content, 'body'), 'text');
  const footer = textIn(memberOf(content, 'footer'), 'text');
  return (
    <Parts header={header === undefined ? undefined : <Header header={header} />} body={body} footer={footer}>
      <InteractiveOptions content={content} actions={actions} />
    </Parts>
  );
}

function InteractiveOptions({ content, actions }: { readonly content: unknown; readonly actions: MessageActions | undefined }): VNode {
  const action = memberOf(content, 'action');
  const parameters = memberOf(action, 'parameters');
  switch (textIn(content, 'type')) {
    case 'button':
      return (
        <>
          {listIn(action, 'buttons').map((button) => {
            const reply = memberOf(button, 'reply');
            const [id, title] = [textIn(reply, 'id'), textIn(reply, 'title')];
            const press = () =>
              actions?.onReply({ type: 'interactive', interactive: { type: 'button_reply', button_reply: { id, title } } });
            return <ActionButton key={id} icon="reply" label={title} onPress={actions && press} />;
          })}
        </>
      );
    case 'list':
      return (
        <ActionButton
          icon="list"
          label={textIn(action, 'button')}
          onPress={
            actions &&
            (() => {
              actions.onOpen({ kind: 'list', interactive: content });
            })
          }
        />
      );
    case 'cta_url':
      return <LinkOption url={textIn(parameters, 'url')} label={textIn(parameters, 'display_text')} />;
    case 'flow': {
      const title = textIn(parameters, 'flow_cta') || 'Open';
      return (
        <ActionButton
          icon="flow"
          label={title}
          onPress={
            actions &&
            (() => {
              actions.onOpen({ kind: 'flow', title });
            })
          }
        />
      );
    }
    case 'location_request_message':
      return (
        <ActionButton
          icon="pin"
          label="Send location"
          onPress={
            actions &&
            (() => {
              actions.onReply(sampleLocation);
            })
          }
        />
      );
    default:
      return <span class="option quiet">{textIn(content, 'type').replaceAll('_', ' ')}</span>;
  }
}

const sampleLocation: ActionContent = {
  type: 'location',
  location: { latitude: 59.3293, longitude: 18.0686, name: 'Old Town', address: 'Stortorget 1' },
};

function LinkOption({ url, label }: { readonly url: string; readonly label: string }): VNode {
  return (
    <a class="option" href={url} target="_blank" rel="noopener noreferrer">
      <Icon name="link" />
      {label}
    </a>
  );
}

/** A template with its values. */
export function TemplateMessage({
  template,
  actions,
}: {
  readonly template: RenderedTemplate;
  readonly actions: MessageActions | undefined;
}): VNode {
  const { offer, cards } = template;
  return (
    <>
      <Card card={template} footer={template.footer ?? ''} actions={actions} offer={offer?.text ?? ''} />
      {cards && (
        <span class="cards" tabIndex={0} role="group" aria-label="Cards">
          {cards.map((card, index) => (
            <span class="card" key={index}>
              <Card card={card} footer="" actions={actions} offer="" />
            </span>
          ))}
        </span>
      )}
    </>
  );
}

interface CardProps {
  readonly card: RenderedTemplateCard;
  readonly footer: string;
  readonly offer: string;
  readonly actions: MessageActions | undefined;
}

function Card({ card, footer, offer, actions }: CardProps): VNode {
  const { header, body = '', buttons } = card;
  const shown = header && ('text' in header ? { type: 'text', text: header.text } : { type: header.type, [header.type]: header.content });
  return (
    <Parts header={shown && <Header header={shown} />} body={offer === '' ? body : `*${offer}*\n${body}`} footer={footer}>
      {buttons.map((button, index) => {
        const { type, text, url, phoneNumber, payload = text, code } = button;
        if (type === 'URL') return <LinkOption key={index} url={url ?? ''} label={text} />;
        if (type === 'PHONE_NUMBER')
          return <ActionButton key={index} icon="phone" label={`${text} ${phoneNumber ?? ''}`} onPress={undefined} />;
        if (type === 'FLOW')
          return (
            <ActionButton
              key={index}
              icon="flow"
              label={text}
              onPress={
                actions &&
                (() => {
                  actions.onOpen({ kind: 'flow', title: text });
                })
              }
            />
          );
        if (code !== undefined)
          return <ActionButton key={index} icon="copy" label={text} onPress={() => void navigator.clipboard.writeText(code)} />;
        const press = (): void => actions?.onReply({ type: 'button', button: { payload, text } });
        return <ActionButton key={index} icon="reply" label={text} onPress={actions && press} />;
      })}
    </Parts>
  );
}

function Header({ header }: { readonly header: unknown }): VNode {
  const type = textIn(header, 'type');
  const file = memberOf(header, type);
  if (type === 'image' || type === 'video') return <Picture file={file} kind={type} />;
  if (type === 'document') return <DocumentFile file={file} />;
  if (type === 'location') return <Place place={file} />;
  return <strong class="title">{textIn(header, 'text')}</strong>;
}

interface PartsProps {
  readonly header: ComponentChildren;
  readonly body: string;
  readonly footer: string;
  readonly children: ComponentChildren;
}

function Parts({ header, body, footer, children }: PartsProps): VNode {
  return (
    <>
      {header}
      {body !== '' && (
        <p>
          <FormattedText text={body} />
        </p>
      )}
      {footer !== '' && <small class="footer">{footer}</small>}
      <span class="options">{children}</span>
    </>
  );
}
