import type { ComponentChildren, VNode } from 'preact';

const token = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const maxColored = 40_000;

/** JSON with colors. */
export function Json({ text, label }: { readonly text: string; readonly label: string }): VNode {
  return (
    <pre class="json" tabIndex={0} aria-label={label}>
      {text.length > maxColored ? text : colored(text)}
    </pre>
  );
}

function colored(text: string): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    const [whole, string, colon] = match;
    parts.push(text.slice(end, match.index));
    const kind = string === undefined ? 'value' : colon === undefined ? 'string' : 'key';
    parts.push(<span class={kind}>{string ?? whole}</span>, colon ?? '');
    end = match.index + whole.length;
  }
  parts.push(text.slice(end));
  return parts;
}
