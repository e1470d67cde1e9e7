/**
 * A stand-in for Meta's `sdk.js`: as much of `FB` as Embedded Signup uses. `FB.login` opens a dialog of the emulator in the place of
 * Meta's; the session event arrives as a `message` from the emulator's origin, and the code in the callback, in either order, as with Meta.
 */
export function sdkScript(origin: string): string {
  return `(function () {
  'use strict';
  var emulator = ${JSON.stringify(origin)};
  var settings;
  window.FB = {
    init: function (options) { settings = options; },
    login: function (callback, options) {
      if (!settings) throw new Error('FB.init has to be called before FB.login.');
      var query = new URLSearchParams({
        app_id: String(settings.appId || ''),
        config_id: String((options && options.config_id) || ''),
        feature_type: String((options && options.extras && options.extras.featureType) || ''),
        origin: window.location.origin,
      });
      var popup = window.open(emulator + '/emulator/signup?' + query, 'wa-coexist-signup', 'width=520,height=720');
      var isOver = false;
      function finish(response) {
        if (isOver) return;
        isOver = true;
        window.removeEventListener('message', onMessage);
        window.clearInterval(watch);
        callback(response);
      }
      function onMessage(event) {
        if (event.origin !== emulator || !event.data || event.data.type !== 'wa-coexist-login') return;
        finish(event.data.code
          ? { status: 'connected', authResponse: { code: event.data.code, userID: null, accessToken: null, expiresIn: null } }
          : { status: 'unknown', authResponse: null });
      }
      window.addEventListener('message', onMessage);
      var watch = window.setInterval(function () {
        if (!popup || popup.closed) window.setTimeout(function () { finish({ status: 'unknown', authResponse: null }); }, 500);
      }, 250);
    },
    getLoginStatus: function (callback) { callback({ status: 'unknown', authResponse: null }); },
    AppEvents: { logPageView: function () {} },
  };
  if (typeof window.fbAsyncInit === 'function') window.fbAsyncInit();
})();
`;
}
