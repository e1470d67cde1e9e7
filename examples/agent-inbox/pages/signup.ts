import { launchSignup, type FacebookLogin } from 'wa-coexist/embedded-signup';
import type { SignupSettings } from '../src/signup/signup-controller.ts';
import type { SignupView } from '../src/views.ts';
import { attempt, call, create, element } from './api.ts';

/** The part of Meta's JavaScript SDK that the page uses. */
interface FacebookSdk extends FacebookLogin {
  init(options: { readonly appId: string; readonly version: string; readonly xfbml: boolean }): void;
}

const button = element<HTMLButtonElement>('#connect');
const status = element('#status');

void attempt(async () => {
  const settings = await call<SignupSettings>('GET', 'signup/settings');
  const sdk = await loadSdk(settings.sdkUrl);
  sdk.init({ appId: settings.appId, version: settings.version, xfbml: false });
  button.addEventListener('click', () => void attempt(() => connect(sdk, settings)));
  button.disabled = false;
  status.textContent = 'Have your phone ready.';
});

/** Loads Meta's script, which defines `FB`. */
async function loadSdk(url: string): Promise<FacebookSdk> {
  const script = document.createElement('script');
  script.src = url;
  await new Promise((resolve, reject) => {
    script.addEventListener('load', resolve);
    script.addEventListener('error', () => {
      reject(new Error(`${url} could not be loaded. A content blocker may prevent it.`));
    });
    document.head.append(script);
  });
  return (globalThis as unknown as { readonly FB: FacebookSdk }).FB;
}

/** Opens the popup inside of the click, because browsers block later ones. */
async function connect(sdk: FacebookSdk, { configId, extraOrigins }: SignupSettings): Promise<void> {
  const result = await launchSignup(sdk, { configId, extraOrigins });
  if (result.outcome === 'cancelled') {
    status.textContent = `You left at ${result.sessionEvent?.currentStep ?? 'an early step'}. Nothing was connected.`;
  } else if (result.outcome === 'failed') {
    const { errorMessage = 'Meta reported no reason', errorCode = 'no code' } = result.sessionEvent;
    status.textContent = `The signup failed: ${errorMessage} (${errorCode}).`;
  } else if (result.outcome === 'finished-without-code') {
    status.textContent = 'The browser returned no code. Sign up again.';
  } else {
    status.textContent = 'Connecting…';
    const { code, sessionEvent } = result;
    show(await call<SignupView>('POST', 'signup', { code, sessionEvent }));
  }
}

function show({ onboardingId, state, number, choices, checklist }: SignupView): void {
  status.textContent = state === 'done' ? `${number?.verifiedName ?? 'Your number'} is connected.` : `State: ${state}.`;
  const openInbox =
    state === 'done' && number ? [create('a', { href: `/?number=${encodeURIComponent(number.phoneNumberId)}` }, 'Open the inbox')] : [];
  const choose = (phoneNumberId: string): HTMLElement => {
    const choice = create('button', {}, choices.find((known) => known.phoneNumberId === phoneNumberId)?.displayPhoneNumber ?? '');
    choice.addEventListener('click', () => {
      void attempt(async () => {
        show(await call<SignupView>('POST', `signup/${encodeURIComponent(onboardingId)}`, { phoneNumberId }));
      });
    });
    return choice;
  };
  const buttons = state === 'choose-number' ? choices.map(({ phoneNumberId }) => choose(phoneNumberId)) : [];
  element('#choices').replaceChildren(...[...openInbox, ...buttons].map((item) => create('li', {}, item)));
  element('#checklist').replaceChildren(...checklist.map((text) => create('li', {}, text)));
}
