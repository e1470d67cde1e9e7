import type { ComponentChildren, VNode } from 'preact';

const styles = [
  { pattern: /```([\s\S]+?)```/, render: (text: string) => <code>{text}</code>, nests: false },
  { pattern: /`([^`\n]+)`/, render: (text: string) => <code>{text}</code>, nests: false },
  { pattern: /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/, render: (text: string) => <span class="link">{text}</span>, nests: false },
  {
    pattern: /(?<![\w*])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])/,
    render: (children: ComponentChildren) => <strong>{children}</strong>,
    nests: true,
  },
  { pattern: /(?<![\w_])_([^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])/, render: (children: ComponentChildren) => <em>{children}</em>, nests: true },
  { pattern: /(?<![\w~])~([^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])/, render: (children: ComponentChildren) => <s>{children}</s>, nests: true },
] as const;

/** A text with WhatsApp's formatting: bold, italic, strikethrough, code, quotes and lists. */
export function FormattedText({ text }: { readonly text: string }): VNode {
  const blocks = text.includes('```') ? [text] : text.split('\n');
  return (
    <>
      {blocks.map((line, index) => {
        const item = /^(?:[-*] |\d+\. )(.+)$/.exec(line);
        const quote = /^> (.+)$/.exec(line);
        if (quote) return <q key={index}>{inline(quote[1] ?? '')}</q>;
        if (item) {
          return (
            <span key={index} class="item">
              {/^\d/.test(line) ? `${line.split('.')[0] ?? ''}. ` : '• '}
              {inline(item[1] ?? '')}
            </span>
          );
        }
        return (
          <span key={index} class="line">
            {line === '' ? ' ' : inline(line)}
          </span>
        );
      })}
    </>
  );
}

function inline(text: string): ComponentChildren {
  let first: { readonly index: number; readonly match: RegExpExecArray; readonly style: (typeof styles)[number] } | undefined;
  for (const style of styles) {
    const match = style.pattern.exec(text);
    if (match && (first === undefined || match.index < first.index)) first = { index: match.index, match, style };
  }
  if (!first) return text;
  const { match, style, index } = first;
  const [whole, inner = whole] = match;
  return (
    <>
      {text.slice(0, index)}
      {style.nests ? style.render(inline(inner)) : style.render(inner)}
      {inline(text.slice(index + whole.length))}
    </>
  );
}
