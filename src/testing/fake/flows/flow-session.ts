import { InvalidArgumentError } from '../../../errors/invalid-argument-error.js';
import { isRecord } from '../../../runtime/json.js';
import type { FakeReceiver } from '../fake-delivery.js';
import type { BusinessNumber, Flow } from '../entities.js';
import type { World } from '../world.js';
import type { FakeFlow, FakeFlowFile } from './fake-flow.js';
import { exchangeData, signFlowToken, type ExchangeResult } from './flow-exchange.js';
import { exchangeFiles, readFiles, replyFiles } from './flow-files.js';
import { resolve, visibleComponents, type FlowScope } from './flow-screens.js';

type Wire = Readonly<Record<string, unknown>>;

/** What a session begins with. */
export interface FlowStart {
  readonly world: World;
  readonly number: BusinessNumber;
  readonly flow: Flow;
  readonly json: Wire;
  readonly endpoint: FakeReceiver | undefined;
  readonly token: string;
  /** Sends the reply. Returns its wamid. */
  readonly complete: (values: Wire) => string;
}

/** A customer with an open Flow. */
export class FlowSession implements FakeFlow {
  state: FakeFlow['state'] = 'open';
  screen = '';
  data: Wire = {};
  errorMessage: string | undefined;
  failure: string | undefined;
  replyId: string | undefined;
  readonly #start: FlowStart;
  readonly #screens: ReadonlyMap<string, Wire>;
  readonly #history: string[] = [];
  readonly #seen = new Map<string, { data: Wire; form: Wire }>();

  constructor(start: FlowStart) {
    this.#start = start;
    const { screens } = start.json;
    this.#screens = new Map((Array.isArray(screens) ? screens : []).filter(isRecord).map((screen) => [String(screen.id), screen]));
  }

  /** Asks the endpoint for the first screen. */
  requestStart(): Promise<void> {
    return this.#exchange('INIT');
  }

  /** Shows the screen that the message names, or else the entry screen. */
  showStart(screen: unknown, data: unknown): void {
    const first = typeof screen === 'string' ? screen : entryOf(this.#start.json, [...this.#screens.keys()]);
    if (this.#screens.has(first)) this.#show(first, isRecord(data) ? data : {}, 'forward');
    else this.#fail('cannot_be_served');
  }

  async submit(values: Wire = {}): Promise<void> {
    this.#checkOpen('submit');
    this.errorMessage = undefined;
    const form = { ...this.#seen.get(this.screen)?.form, ...values };
    this.#seen.set(this.screen, { data: this.data, form });
    const shown = this.#components();
    checkValues(shown, form, values, this.#scope());
    const pickers = shown.filter(({ type }) => type === 'PhotoPicker' || type === 'DocumentPicker').map(({ name }) => String(name));
    const files = new Map(pickers.map((name) => [name, readFiles(name, values[name])]));
    const footer = shown.find(({ type }) => type === 'Footer');
    if (!footer) throw new InvalidArgumentError('fakeFlow.submit', 'screen', `${this.screen} has no Footer`);
    await this.#perform(footer['on-click-action'], files);
  }

  async tap(label: string): Promise<void> {
    this.#checkOpen('tap');
    const shown = this.#components();
    const link = shown.find(({ type, text }) => type === 'EmbeddedLink' && text === label);
    const actions = shown
      .filter(({ type }) => type === 'NavigationList')
      .flatMap((list) => {
        const items: unknown = resolve(list['list-items'], this.#scope());
        const item = (Array.isArray(items) ? items : []).filter(isRecord).find(({ id }) => id === label);
        return item ? [item['on-click-action'] ?? list['on-click-action']] : [];
      });
    const action = link ? link['on-click-action'] : actions[0];
    if (!action) throw new InvalidArgumentError('fakeFlow.tap', 'label', `belongs to no link and no item of ${this.screen}: ${label}`);
    await this.#perform(action, new Map());
  }

  async back(): Promise<void> {
    this.#checkOpen('back');
    const previous = this.#history.at(-1);
    if (previous === undefined) throw new InvalidArgumentError('fakeFlow.back', 'screen', `${this.screen} is the first screen`);
    if (this.#screens.get(this.screen)?.refresh_on_back === true) await this.#exchange('BACK');
    else this.#show(previous, this.#seen.get(previous)?.data ?? {}, 'back');
  }

  #checkOpen(method: string): void {
    if (this.state !== 'open') throw new InvalidArgumentError(`fakeFlow.${method}`, 'flow', `is ${this.state}`);
  }

  #scope(): FlowScope {
    return { data: this.data, form: this.#seen.get(this.screen)?.form ?? {}, seen: this.#seen };
  }

  #components(): readonly Wire[] {
    const layout = this.#screens.get(this.screen)?.layout;
    return visibleComponents(isRecord(layout) ? layout.children : undefined, this.#scope());
  }

  #fail(failure: string): void {
    this.state = 'failed';
    this.failure = failure;
  }

  #show(screen: string, data: Wire, direction: 'forward' | 'back'): void {
    if (direction === 'back') this.#history.pop();
    else if (this.screen !== '' && this.screen !== screen) this.#history.push(this.screen);
    this.screen = screen;
    this.data = data;
    this.#seen.set(screen, { data, form: this.#seen.get(screen)?.form ?? {} });
  }

  #finish(values: Wire): void {
    this.state = 'completed';
    this.replyId = this.#start.complete({ flow_token: this.#start.token, ...values });
  }

  async #perform(action: unknown, files: ReadonlyMap<string, readonly FakeFlowFile[]>): Promise<void> {
    const { world, number } = this.#start;
    const { name, payload, next }: Wire = isRecord(action) ? action : {};
    const values = resolve(payload ?? {}, await withFiles(this.#scope(), files, name === 'complete', world, number));
    const data = isRecord(values) ? values : {};
    if (name === 'complete') this.#finish(data);
    else if (name === 'data_exchange') await this.#exchange('data_exchange', data);
    else if (name === 'navigate') this.#show(String(isRecord(next) ? next.name : ''), data, 'forward');
    else if (name === 'update_data') this.data = { ...this.data, ...data };
  }

  async #exchange(action: string, data?: Wire): Promise<void> {
    const result = await this.#call(action, data);
    if (result.type === 'failed') this.#fail(result.failure);
    else if (result.type === 'expired') {
      this.state = 'expired';
      this.errorMessage = result.message;
    } else await this.#follow(action, result.answer);
  }

  /** Shows the screen of a response, or reports a response that the customer's device can't show. */
  async #follow(action: string, { screen, data }: Wire): Promise<void> {
    const values = isRecord(data) ? data : {};
    if (screen === 'SUCCESS') {
      const response = isRecord(values.extension_message_response) ? values.extension_message_response : {};
      this.#finish(isRecord(response.params) ? response.params : {});
      return;
    }
    const { error_message: message, ...shown } = values;
    if (typeof screen !== 'string' || !this.#screens.has(screen) || !isRoute(this.#start.json, action, this.screen, screen)) {
      await this.#reject(action, 'invalid-screen-transition', `There is no route from ${this.screen} to ${String(screen)}.`);
      return;
    }
    const isMessage = typeof message === 'string';
    const wrong = isMessage ? undefined : wrongField(this.#screens.get(screen), shown);
    if (wrong !== undefined) {
      await this.#reject(action, 'payload-schema-error', `The data of ${screen} doesn't fit its schema: ${wrong}.`);
      return;
    }
    this.errorMessage = isMessage ? message : undefined;
    const merged = isMessage && screen === this.screen ? { ...this.data, ...shown } : shown;
    this.#show(screen, merged, action === 'BACK' ? 'back' : 'forward');
  }

  async #reject(action: string, failure: string, message: string): Promise<void> {
    this.#fail(failure);
    await this.#call(action, { error: failure, error_message: message });
  }

  async #call(action: string, data: Wire | undefined): Promise<ExchangeResult> {
    const { world, number, json, endpoint, token } = this.#start;
    if (endpoint === undefined) {
      const rule = 'is missing: this Flow exchanges data. Pass the endpoint to openFlow, or set endpoint_uri with updateFlow';
      throw new InvalidArgumentError('fakeFlow', 'endpoint', rule);
    }
    const version = typeof json.data_api_version === 'string' ? json.data_api_version : '3.0';
    const [major = 0, minor = 0] = String(json.version).split('.').map(Number);
    const isSigned = version === '4.0' && (major > 7 || (major === 7 && minor >= 3));
    return exchangeData(
      { world, number, endpoint },
      {
        ...{ version, action },
        ...(this.screen !== '' && { screen: this.screen }),
        ...(data && { data }),
        flow_token: token,
        ...(isSigned && { flow_token_signature: signFlowToken(token, world.app.secret) }),
      },
    );
  }
}

/** The scope with files in the form that the receiver gets: encrypted ones for the endpoint, IDs for the reply. */
async function withFiles(
  scope: FlowScope,
  files: ReadonlyMap<string, readonly FakeFlowFile[]>,
  isReply: boolean,
  world: World,
  number: BusinessNumber,
): Promise<FlowScope> {
  const form: Record<string, unknown> = { ...scope.form };
  for (const [name, list] of files) form[name] = isReply ? replyFiles(world, number, list) : await exchangeFiles(world, number, list);
  return { ...scope, form };
}

function checkValues(components: readonly Wire[], form: Wire, values: Wire, scope: FlowScope): void {
  const names = new Set(components.map(({ name }) => name).filter((name) => typeof name === 'string'));
  for (const name of Object.keys(values)) {
    if (!names.has(name)) throw new InvalidArgumentError('fakeFlow.submit', name, 'is no input that the customer sees on this screen');
  }
  for (const { name, required } of components) {
    const isMissing = typeof name === 'string' && (form[name] === undefined || form[name] === '');
    if (isMissing && resolve(required, scope) === true) {
      throw new InvalidArgumentError('fakeFlow.submit', name, 'is missing, but the screen requires it');
    }
  }
}

/** The first screen that no route leads to. */
function entryOf(json: Wire, ids: readonly string[]): string {
  const routes: Wire = isRecord(json.routing_model) ? json.routing_model : {};
  const targets = new Set(Object.values(routes).flat());
  return ids.find((id) => !targets.has(id)) ?? ids[0] ?? '';
}

function isRoute(json: Wire, action: string, from: string, to: string): boolean {
  if (action !== 'data_exchange' || from === to || !isRecord(json.routing_model)) return true;
  const targets: unknown = json.routing_model[from];
  return Array.isArray(targets) && targets.includes(to);
}

/** The first declared field that is missing or has another type. */
function wrongField(screen: Wire | undefined, data: Wire): string | undefined {
  const declared = isRecord(screen?.data) ? screen.data : {};
  return Object.entries(declared).find(([name, schema]) => {
    const type = isRecord(schema) ? schema.type : undefined;
    const value = data[name];
    if (type === 'array') return !Array.isArray(value);
    if (type === 'object') return !isRecord(value);
    return typeof type === 'string' && ['string', 'number', 'boolean'].includes(type) && typeof value !== type;
  })?.[0];
}
