import type { VNode } from 'preact';
import type { PanelProps } from './panel-props.js';

const tones: Readonly<Record<string, string>> = {
  APPROVED: 'good',
  PENDING: 'waiting',
  REJECTED: 'bad',
  PAUSED: 'waiting',
  DISABLED: 'bad',
};

/** The templates of the number, with Meta's decisions. */
export function TemplatesTab({ view, number, customer, act }: PanelProps): VNode {
  return (
    <div class="scroll stack" tabIndex={0} role="group" aria-label="Templates">
      <h3>Templates ({view.templates.length})</h3>
      <p class="note">You play Meta's review. Each decision sends message_template_status_update if your app subscribed to it.</p>
      {view.templates.map(({ id, name, language, status, category, body }) => (
        <article class="card-row" key={id}>
          <div class="title-row">
            <strong>{name}</strong>
            <span class="note">
              {language} · {category.toLowerCase()}
            </span>
            <span class={`pill ${tones[status] ?? 'quiet'}`}>{status.toLowerCase()}</span>
          </div>
          {body !== '' && <p class="note clip">{body}</p>}
          <div class="actions">
            <button type="button" class="small" onClick={() => void act({ do: 'template.approve', template: id })}>
              Approve<span class="hidden"> {name}</span>
            </button>
            <button type="button" class="small" onClick={() => void act({ do: 'template.reject', template: id })}>
              Reject<span class="hidden"> {name}</span>
            </button>
            <button type="button" class="small" onClick={() => void act({ do: 'template.pause', template: id })}>
              Pause<span class="hidden"> {name}</span>
            </button>
            <button
              type="button"
              class="small"
              onClick={() =>
                void act({
                  do: 'api.send',
                  number,
                  message: { to: customer, type: 'template', template: { name, language: { code: language } } },
                })
              }
            >
              Send<span class="hidden"> {name}</span>
            </button>
          </div>
        </article>
      ))}
    </div>
  );
}
