import { sameMessage } from '../../../identity/message-id.js';
import type { TemplateComponent } from '../../../messages/outgoing/template.js';
import type { TemplateDefinition } from '../../../messages/template/known-template.js';
import { isRecord } from '../../../runtime/json.js';
import { renderTemplate, type RenderedTemplate } from '../../../templates/render-template.js';
import type { FakeChatMessage } from '../../fake/fake-phone.js';
import type { FakeTemplate } from '../../fake/fake-template.js';
import type { ChatMessageView } from '../view.js';

/** Returns the messages of a chat as a phone shows them: with reactions on their bubbles, quotes and rendered templates. */
export function chatView(messages: readonly FakeChatMessage[], templates: readonly FakeTemplate[]): readonly ChatMessageView[] {
  const find = (id: string): FakeChatMessage | undefined =>
    messages.find((message) => message.id === id) ?? messages.find((message) => sameMessage(message.id, id));
  const reactions = new Map<string, Map<ChatMessageView['sender'], string>>();
  for (const message of messages) {
    const { reaction } = message.content;
    if (message.type !== 'reaction' || !isRecord(reaction) || typeof reaction.message_id !== 'string') continue;
    const target = find(reaction.message_id);
    if (!target) continue;
    const own = reactions.get(target.id) ?? new Map<ChatMessageView['sender'], string>();
    reactions.set(target.id, own);
    // One reaction for each side. A new one replaces it, and an empty one removes it.
    const side = message.sender === 'customer' ? 'customer' : 'api';
    if (typeof reaction.emoji === 'string' && reaction.emoji !== '') own.set(side, reaction.emoji);
    else own.delete(side);
  }
  return messages
    .filter(({ type }) => type !== 'reaction')
    .map((message) => {
      const { id, sender, at, type, content, status, quotes, edited, deleted } = message;
      const quoted = quotes === undefined ? undefined : find(quotes);
      const template = type === 'template' && !deleted ? rendered(content.template, templates) : undefined;
      return {
        id,
        sender,
        at: at.toISOString(),
        type,
        text: summarizeMessage(message),
        content: deleted ? {} : { [type]: content[type] },
        ...(template && { template }),
        ...(quoted && { quote: { sender: quoted.sender, text: summarizeMessage(quoted) } }),
        reactions: Array.from(reactions.get(id) ?? [], ([by, emoji]) => ({ emoji, sender: by })),
        status,
        edited,
        deleted,
      };
    });
}

/** Returns a text unchanged, and anything else by its type and caption. */
export function summarizeMessage({ type, text, content, deleted }: FakeChatMessage): string {
  if (deleted) return 'This message was deleted.';
  if (text !== undefined) return text;
  const part = content[type];
  const words = isRecord(part)
    ? [part.name, part.caption, part.emoji, bodyOf(part)].filter((value) => typeof value === 'string').join(' ')
    : '';
  return `[${type.replaceAll('_', ' ')}${words === '' ? '' : `: ${words}`}]`;
}

/** The text of an interactive message or of a reply to one. */
function bodyOf(part: Readonly<Record<string, unknown>>): unknown {
  const reply = part.button_reply ?? part.list_reply;
  if (isRecord(reply)) return reply.title;
  return isRecord(part.body) ? part.body.text : undefined;
}

function rendered(sent: unknown, templates: readonly FakeTemplate[]): RenderedTemplate | undefined {
  if (!isRecord(sent)) return undefined;
  const code = isRecord(sent.language) ? sent.language.code : undefined;
  const found = templates.find(({ name, language }) => name === sent.name && language === code);
  if (!found) return undefined;
  const { name, language, category, components } = found;
  // The fake checked both when it accepted them. Their types describe more than it knows.
  const definition = { name, language, category, components } as unknown as TemplateDefinition;
  const values = (Array.isArray(sent.components) ? sent.components : []) as readonly TemplateComponent[];
  try {
    return renderTemplate(definition, values);
  } catch {
    return undefined;
  }
}
