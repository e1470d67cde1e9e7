import { launchSignup } from 'wa-coexist/embedded-signup';

const button = document.querySelector('button');
const status = document.querySelector('[role=status]');
const list = document.querySelector('ul');

const settings = await (await fetch('/settings')).json();
const script = document.createElement('script');
script.src = settings.sdkUrl;
await new Promise((resolve, reject) => {
  script.onload = resolve;
  script.onerror = reject;
  document.head.append(script);
});
globalThis.FB.init({ appId: settings.appId, version: settings.version, xfbml: false });
button.disabled = false;
status.textContent = 'Have your phone at hand.';

button.addEventListener('click', async () => {
  // In the click itself: browsers block popups that open later.
  const result = await launchSignup(globalThis.FB, { configId: settings.configId, extraOrigins: settings.extraOrigins });
  if (result.outcome === 'cancelled') {
    status.textContent = `You left at ${result.sessionEvent?.currentStep ?? 'an early step'}. Nothing was connected.`;
    return;
  }
  if (result.outcome === 'failed') {
    status.textContent = `It failed: ${result.sessionEvent.errorMessage ?? 'Meta does not say why'} (${result.sessionEvent.errorCode ?? 'no code'}).`;
    return;
  }
  status.textContent = 'Connecting…';
  const answer = await fetch('/onboardings', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(result),
  });
  const onboarding = await answer.json();
  status.textContent = answer.ok ? `${onboarding.verifiedName ?? 'Your number'}: ${onboarding.state}` : onboarding.message;
  list.replaceChildren(
    ...(onboarding.checklist ?? []).map(({ text }) => {
      const item = document.createElement('li');
      item.textContent = text;
      return item;
    }),
  );
});
