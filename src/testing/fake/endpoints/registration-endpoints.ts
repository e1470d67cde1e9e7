import { refuse, refuseWithWords } from '../refusal.js';
import type { BusinessNumber } from '../entities.js';
import { requireProduct, requiredText, success, type NumberCall, type Routes } from './call.js';
import { refuseOnApp } from './app-restrictions.js';

const hourMs = 60 * 60 * 1_000;
/** Source: Meta, Register a business phone number (Dec 2025). */
const mostRegistrations = 10;
const registrationsWindowMs = 72 * hourMs;
/** The code of every request, because an invented number receives no text message. */
const codeThatIsSent = '123456';

/** Verification and registration of a number that is only on the API. */
export const registrationRoutes: Routes<NumberCall> = {
  'POST request_code'(call) {
    refuseOnApp(call, 'request-verification-code');
    requiredText(call, 'code_method');
    requiredText(call, 'language');
    if (call.number.verified) throw refuseWithWords(2388091, 'Phone number is already verified', 'You do not need a code.', 136024);
    return success;
  },
  'POST verify_code'(call) {
    refuseOnApp(call, 'verify-code');
    const { number } = call;
    if (requiredText(call, 'code') !== codeThatIsSent)
      throw refuseWithWords(2388093, 'Verify code error', 'The code you entered is incorrect.', 136025);
    number.verified = true;
    return { success: true, id: number.id };
  },
  'POST register'(call) {
    refuseOnApp(call, 'register-phone-number');
    const { number } = call;
    requireProduct(call);
    const pin = requiredText(call, 'pin');
    if (!/^\d{6}$/.test(pin)) throw refuse(131009, 'The PIN must have 6 digits.');
    countRegistration(call);
    if (!number.verified) throw refuse(133006, 'The phone number has to be verified first.');
    if (number.pin !== undefined && number.pin !== pin) throw refuse(133005, 'The two-step verification PIN is incorrect.');
    number.pin = pin;
    number.registered = true;
    call.state.world.changed('number', number.id);
    return success;
  },
  'POST deregister'(call) {
    refuseOnApp(call, 'deregister-phone-number');
    countRegistration(call);
    if (!call.number.registered) throw refuse(133010, 'The phone number is not registered.');
    call.number.registered = false;
    call.state.world.changed('number', call.number.id);
    return success;
  },
};

/** Ten calls of `register` and `deregister` together in any 72 hours. @throws `Refusal` 133016 */
function countRegistration({ number, state: { world } }: NumberCall): void {
  const { registrationsAtMs } = number;
  const recent = registrationsAtMs.filter((atMs) => atMs > world.now() - registrationsWindowMs);
  if (recent.length >= mostRegistrations) throw refuse(133016, 'Too many attempts to register or deregister within 72 hours.');
  registrationsAtMs.push(world.now());
}

/** Sets the PIN of two-step verification. @throws `Refusal` */
export function setPin(call: NumberCall, pin: unknown): void {
  refuseOnApp(call, 'set-two-step-pin');
  if (typeof pin !== 'string' || !/^\d{6}$/.test(pin)) throw refuse(131009, 'The PIN must have 6 digits.');
  call.number.pin = pin;
  tellPinChanged(call, call.number);
}

function tellPinChanged({ state, token }: NumberCall, number: BusinessNumber): void {
  state.webhooks.emitEvent(number, 'security', {
    value: { display_phone_number: number.waId, event: 'PIN_CHANGED', requester: token.appId },
  });
}
