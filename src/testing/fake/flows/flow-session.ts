import { InvalidArgumentError } from '../../../errors/invalid-argument-error.js';
import { isRecord } from '../../../runtime/json.js';
import type { FakeReceiver } from '../fake-delivery.js';
import type { BusinessNumber, Flow, World } from '../world.js';
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

/** A session, with what opens its first screen. */
export interface FlowSession {
  readonly flow: FakeFlow;
  /** Asks the endpoint for the first screen. */
  requestStart(): Promise<void>;
  /** Shows a screen that the message names, or else the entry screen. */
  show(screen: unknown, data: unknown): void;
}

interface Mutable {
  state: FakeFlow['state'];
  screen: string;
  data: Wire;
  errorMessage: string | undefined;
  failure: string | undefined;
  replyId: string | undefined;
}

/** Creates the session of a customer with a Flow. */
export function createFlowSession({ world, number, json, endpoint, token, complete }: FlowStart): FlowSession {
  const screens = new Map((Array.isArray(json.screens) ? json.screens : []).filter(isRecord).map((screen) => [String(screen.id), screen]));
  const now: Mutable = { state: 'open', screen: '', data: {}, errorMessage: undefined, failure: undefined, replyId: undefined };
  const history: string[] = [];
  const seen = new Map<string, { data: Wire; form: Wire }>();

  const fail = (failure: string): void => {
    now.state = 'failed';
    now.failure = failure;
  };
  const show = (screen: string, data: Wire, direction: 'forward' | 'back' = 'forward'): void => {
    if (direction === 'back') history.pop();
    else if (now.screen !== '' && now.screen !== screen) history.push(now.screen);
    now.screen = screen;
    now.data = data;
    seen.set(screen, { data, form: seen.get(screen)?.form ?? {} });
  };
  const call = async (action: string, data: Wire | undefined): Promise<ExchangeResult> => {
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
        ...(now.screen !== '' && { screen: now.screen }),
        ...(data && { data }),
        flow_token: token,
        ...(isSigned && { flow_token_signature: signFlowToken(token, world.app.secret) }),
      },
    );
  };
  /** Reports a response that the customer's device can't show. */
  const reject = async (action: string, failure: string, message: string): Promise<void> => {
    fail(failure);
    await call(action, { error: failure, error_message: message });
  };
  const exchange = async (action: string, data?: Wire): Promise<void> => {
    const result = await call(action, data);
    if (result.type === 'failed') {
      fail(result.failure);
      return;
    }
    if (result.type === 'expired') {
      now.state = 'expired';
      now.errorMessage = result.message;
      return;
    }
    const { screen, data: given } = result.answer;
    const values = isRecord(given) ? given : {};
    const response = isRecord(values.extension_message_response) ? values.extension_message_response : {};
    if (screen === 'SUCCESS') {
      finish(isRecord(response.params) ? response.params : {});
      return;
    }
    const { error_message: message, ...shown } = values;
    if (typeof screen !== 'string' || !screens.has(screen) || !isRoute(json, action, now.screen, screen)) {
      await reject(action, 'invalid-screen-transition', `There is no route from ${now.screen} to ${String(screen)}.`);
      return;
    }
    const wrong = typeof message === 'string' ? undefined : wrongField(screens.get(screen), shown);
    if (wrong !== undefined) {
      await reject(action, 'payload-schema-error', `The data of ${screen} doesn't fit its schema: ${wrong}.`);
      return;
    }
    now.errorMessage = typeof message === 'string' ? message : undefined;
    const isSame = typeof message === 'string' && screen === now.screen;
    show(screen, isSame ? { ...now.data, ...shown } : shown, action === 'BACK' ? 'back' : 'forward');
  };
  const finish = (values: Wire): void => {
    now.state = 'completed';
    now.replyId = complete({ flow_token: token, ...values });
  };
  const scope = (): FlowScope => ({ data: now.data, form: seen.get(now.screen)?.form ?? {}, seen });
  const components = (): readonly Wire[] => {
    const layout = screens.get(now.screen)?.layout;
    return visibleComponents(isRecord(layout) ? layout.children : undefined, scope());
  };
  const perform = async (action: unknown, files: ReadonlyMap<string, readonly FakeFlowFile[]>): Promise<void> => {
    const { name, payload, next }: Wire = isRecord(action) ? action : {};
    const values = resolve(payload ?? {}, await withFiles(scope(), files, name === 'complete', world, number));
    const data = isRecord(values) ? values : {};
    if (name === 'complete') finish(data);
    else if (name === 'data_exchange') await exchange('data_exchange', data);
    else if (name === 'navigate') show(String(isRecord(next) ? next.name : ''), data);
    else if (name === 'update_data') now.data = { ...now.data, ...data };
  };
  const checkOpen = (method: string): void => {
    if (now.state !== 'open') throw new InvalidArgumentError(`fakeFlow.${method}`, 'flow', `is ${now.state}`);
  };

  return {
    requestStart: () => exchange('INIT'),
    show: (screen, data) => {
      const first = typeof screen === 'string' ? screen : entryOf(json, [...screens.keys()]);
      if (screens.has(first)) show(first, isRecord(data) ? data : {});
      else fail('cannot_be_served');
    },
    flow: {
      get state() {
        return now.state;
      },
      get screen() {
        return now.screen;
      },
      get data() {
        return now.data;
      },
      get errorMessage() {
        return now.errorMessage;
      },
      get failure() {
        return now.failure;
      },
      get replyId() {
        return now.replyId;
      },
      async submit(values = {}) {
        checkOpen('submit');
        now.errorMessage = undefined;
        const earlier = seen.get(now.screen)?.form ?? {};
        seen.set(now.screen, { data: now.data, form: { ...earlier, ...values } });
        const shown = components();
        checkValues(shown, { ...earlier, ...values }, values, scope());
        const pickers = shown.filter(({ type }) => type === 'PhotoPicker' || type === 'DocumentPicker').map(({ name }) => String(name));
        const files = new Map(pickers.map((name) => [name, readFiles(name, values[name])]));
        const footer = shown.find(({ type }) => type === 'Footer');
        if (!footer) throw new InvalidArgumentError('fakeFlow.submit', 'screen', `${now.screen} has no Footer`);
        await perform(footer['on-click-action'], files);
      },
      async tap(label) {
        checkOpen('tap');
        const shown = components();
        const link = shown.find(({ type, text }) => type === 'EmbeddedLink' && text === label);
        const lists = shown.filter(({ type }) => type === 'NavigationList');
        const found = lists.flatMap((list) => {
          const items: unknown = resolve(list['list-items'], scope());
          const item = (Array.isArray(items) ? items : []).filter(isRecord).find(({ id }) => id === label);
          return item ? [item['on-click-action'] ?? list['on-click-action']] : [];
        });
        const action = link ? link['on-click-action'] : found[0];
        if (!action) throw new InvalidArgumentError('fakeFlow.tap', 'label', `belongs to no link and no item of ${now.screen}: ${label}`);
        await perform(action, new Map());
      },
      async back() {
        checkOpen('back');
        const previous = history.at(-1);
        if (previous === undefined) throw new InvalidArgumentError('fakeFlow.back', 'screen', `${now.screen} is the first screen`);
        if (screens.get(now.screen)?.refresh_on_back === true) {
          await exchange('BACK');
          return;
        }
        show(previous, seen.get(previous)?.data ?? {}, 'back');
      },
    },
  };
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
