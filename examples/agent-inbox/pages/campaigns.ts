import type { CampaignView, LiveEvent, TemplateView } from '../src/views.ts';
import { attempt, call, chooseNumber, create, element, formatTime, listen, watch } from './api.ts';

const form = element<HTMLFormElement>('#create');
const templateSelect = element<HTMLSelectElement>('#create select');

let number = '';
let stop: () => void = () => undefined;
let templates: readonly TemplateView[] = [];

void attempt(() =>
  chooseNumber((chosen) => {
    number = chosen;
    templates = [];
    templateSelect.replaceChildren();
    element('#campaigns').replaceChildren();
    stop();
    stop = listen(number, (event) => void watch(() => receive(event)));
    void watch(loadTemplates);
  }),
);

function path(rest: string): string {
  return `numbers/${encodeURIComponent(number)}/${rest}`;
}

async function receive(event: LiveEvent): Promise<void> {
  if ('phoneNumberId' in event && event.phoneNumberId !== number) return;
  if (event.type === 'campaign') {
    show(event.campaign);
  } else if (event.type === 'ready') {
    const ofNumber = number;
    const list = await call<readonly CampaignView[]>('GET', path('campaigns'));
    if (number !== ofNumber) return;
    element('#campaigns').replaceChildren();
    for (const campaign of list.toReversed()) show(campaign);
  }
}

async function loadTemplates(): Promise<void> {
  const ofNumber = number;
  const list = await call<readonly TemplateView[]>('GET', path('templates'));
  if (number !== ofNumber) return;
  templates = list;
  templateSelect.replaceChildren(
    ...templates.map(({ name, language }, index) => create('option', { value: String(index) }, `${name}, ${language}`)),
  );
  showTemplate();
}

function selected(): TemplateView | undefined {
  return templates[Number(templateSelect.value)];
}

function showTemplate(): void {
  const template = selected();
  const columns = ['15550100987', ...(template?.variables ?? []).map((name) => `value of {{${name}}}`)];
  element('#body').textContent = template?.body ?? 'This account has no approved template that needs only texts.';
  element<HTMLTextAreaElement>('#create textarea').placeholder = columns.join(', ');
}

templateSelect.addEventListener('change', showTemplate);
/** A repeated request has the same key, so it creates only one campaign. */
let key = crypto.randomUUID();
form.addEventListener('input', () => (key = crypto.randomUUID()));
form.addEventListener('submit', (submitted) => {
  submitted.preventDefault();
  const button = element<HTMLButtonElement>('#create button');
  button.disabled = true;
  void attempt(async () => {
    const { name, language } = selected() ?? {};
    const fields = new FormData(form);
    const body = { name: fields.get('name'), recipients: fields.get('recipients'), template: name, language, key };
    show(await call<CampaignView>('POST', path('campaigns'), body));
    form.reset();
    key = crypto.randomUUID();
    showTemplate();
  }).finally(() => (button.disabled = false));
});

/** Shows a new campaign at the top, or updates a known one. Campaigns of another number arrive too late. */
function show(campaign: CampaignView): void {
  if (campaign.phoneNumberId !== number) return;
  const list = element('#campaigns');
  const card = cardOf(campaign);
  const present = list.querySelector(`[data-campaign="${CSS.escape(campaign.id)}"]`);
  if (present) present.replaceWith(card);
  else list.prepend(card);
}

function cardOf(campaign: CampaignView): HTMLElement {
  const { id, name, template, total, state, accepted, rejected, unknown, reasons, failures, createdBy, createdAt } = campaign;
  const done = accepted + rejected + unknown;
  const counts = [`${String(done)} of ${String(total)}`, `${String(accepted)} accepted`, `${String(rejected)} rejected`];
  if (unknown > 0) counts.push(`${String(unknown)} unknown`);
  return create(
    'article',
    { class: 'card', 'data-campaign': id, 'data-state': state },
    create('h2', {}, name),
    create('small', {}, `${template} · ${createdBy} · ${formatTime(createdAt)}`),
    create('progress', { max: String(total), value: String(done), 'aria-label': `Progress of ${name}` }),
    create('p', { class: 'quiet' }, `${state}: ${counts.join(', ')}`),
    ...reasons.map(({ code, count, meaning }) => create('p', { class: 'failed' }, `${String(count)} × ${code} ${meaning}`)),
    ...failures
      .slice(0, 10)
      .map(({ recipient, kind, message }) => create('small', { class: 'failed' }, `+${recipient}: ${message} (${kind})`)),
    create('div', { class: 'actions' }, ...actionsOf(campaign)),
  );
}

function actionsOf({ id, state }: CampaignView): readonly HTMLElement[] {
  const actions = state === 'running' ? ['pause', 'cancel'] : state === 'paused' || state === 'stopped' ? ['resume', 'cancel'] : [];
  return actions.map((action) => {
    const button = create('button', {}, `${action[0]?.toUpperCase() ?? ''}${action.slice(1)}`);
    button.addEventListener('click', () => {
      void attempt(async () => {
        show(await call<CampaignView>('POST', path(`campaigns/${encodeURIComponent(id)}/actions`), { action }));
      });
    });
    return button;
  });
}
