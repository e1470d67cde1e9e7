import type { FakeCloudApi, FakeNumber } from '../fake/fake-cloud-api.js';

/** The numbers that are on the Business app, and whether they are linked to the API already. */
export function signupNumbers(fake: FakeCloudApi): readonly (FakeNumber & { readonly linked: boolean })[] {
  return fake.numbers
    .filter(({ phoneNumberId }) => isOnPhone(fake, phoneNumberId))
    .map((number) => ({ ...number, linked: fake.phone(number.phoneNumberId).linked }));
}

/** The dialog that the stand-in for `FB.login` opens: which number, what to share, and every way in which it can end. Its script has the `nonce`. */
export function signupDialog(fake: FakeCloudApi, origin: string, nonce: string): string {
  const options = signupNumbers(fake).map(({ phoneNumberId, displayPhoneNumber, verifiedName, linked }) => {
    return `<option value="${escaped(phoneNumberId)}">${escaped(`${verifiedName}, ${displayPhoneNumber}${linked ? ' (linked already)' : ''}`)}</option>`;
  });
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Connect your WhatsApp Business app</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/page/theme.css">
    <link rel="stylesheet" href="/page/page.css">
  </head>
  <body>
    <form class="stack signup" id="dialog" data-origin="${escaped(origin)}">
      <h1>Connect your WhatsApp Business app</h1>
      <p class="note">The emulator's stand-in for Meta's dialog.</p>
      <label>Number <select name="number" required>${options.join('')}</select></label>
      <fieldset>
        <legend>On the phone</legend>
        <label><input type="radio" name="share" value="yes" checked> Share chats</label>
        <label><input type="radio" name="share" value="no"> Don't share chats</label>
      </fieldset>
      <label><input type="checkbox" name="late"> The session event comes after the code</label>
      <div class="actions">
        <button class="main" name="end" value="finish">Finish</button>
        <button name="end" value="cancel">Cancel</button>
        <button name="end" value="error">Report an error</button>
      </div>
      <p role="alert" id="problem"></p>
    </form>
    <script nonce="${nonce}">${dialogScript}</script>
  </body>
</html>
`;
}

const dialogScript = `
  var form = document.getElementById('dialog');
  var opener = window.opener;
  var target = form.dataset.origin || '*';
  function session(event, data) {
    opener.postMessage(JSON.stringify({ type: 'WA_EMBEDDED_SIGNUP', event: event, version: 3, data: data }), target);
  }
  function login(code) { opener.postMessage({ type: 'wa-coexist-login', code: code }, target); }
  form.addEventListener('submit', function (submitted) {
    submitted.preventDefault();
    if (!opener) { document.getElementById('problem').textContent = 'Open this dialog with FB.login.'; return; }
    var end = submitted.submitter.value;
    if (end === 'cancel') { session('CANCEL', { current_step: 'PHONE_NUMBER_SETUP' }); login(); window.close(); return; }
    if (end === 'error') {
      session('CANCEL', { error_message: 'This number cannot be connected right now.', error_code: '524999', session_id: 'emulated', timestamp: String(Math.floor(Date.now() / 1000)) });
      login(); window.close(); return;
    }
    fetch('/emulator/actions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ do: 'signup', number: form.elements.number.value, shareHistory: form.elements.share.value === 'yes' }),
    }).then(function (response) {
      if (!response.ok) return response.text().then(function (text) { document.getElementById('problem').textContent = text; });
      return response.json().then(function (signup) {
        var tell = function () { session(signup.sessionEvent.event, signup.sessionEvent.data); };
        if (form.elements.late.checked) { login(signup.code); setTimeout(function () { tell(); window.close(); }, 100); return; }
        tell(); login(signup.code); window.close();
      });
    });
  });
`;

function isOnPhone(fake: FakeCloudApi, phoneNumberId: string): boolean {
  try {
    return fake.phone(phoneNumberId).phoneNumberId === phoneNumberId;
  } catch {
    return false;
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
