import { invalidParameter } from '../refusal.js';
import type { Answer, QrCode } from '../world.js';
import { optionalText, requiredText, success, type NumberCall, type Routes } from './call.js';
import { pageOf } from './listing.js';

const edge = 'message_qrdls';
/** Source: Meta, QR codes (31 Oct 2025). */
const mostText = 140;
const mostCodes = 2_000;

/** `/{phone-number-id}/message_qrdls`. */
export const qrCodeRoutes: Routes<NumberCall> = {
  [`GET ${edge}`]: (call) => pageOf(call, [...call.number.qrCodes.values()].map(shown)),
  [`POST ${edge}`](call) {
    const { number, state } = call;
    const prefilledMessage = requiredText(call, 'prefilled_message');
    if (prefilledMessage.length > mostText)
      throw invalidParameter(`Param prefilled_message must be at most ${String(mostText)} characters long.`);
    const code = optionalText(call, 'code');
    if (code !== undefined) {
      const known = codeOf(call, code);
      known.prefilledMessage = prefilledMessage;
      return shown(known);
    }
    if (number.qrCodes.size >= mostCodes) throw invalidParameter(`A phone number has at most ${String(mostCodes)} QR codes.`);
    const image = optionalText(call, 'generate_qr_image');
    if (image !== undefined && image !== 'PNG' && image !== 'SVG')
      throw invalidParameter('Param generate_qr_image must be one of {PNG, SVG}.');
    const made: QrCode = { code: state.world.ids.qrCode(), prefilledMessage, image };
    number.qrCodes.set(made.code, made);
    return shown(made);
  },
  [`GET ${edge}/*`]: (call) => ({ data: [shown(codeOf(call, call.item))] }),
  [`DELETE ${edge}/*`](call) {
    call.number.qrCodes.delete(codeOf(call, call.item).code);
    return success;
  },
};

function codeOf({ number }: NumberCall, code: string): QrCode {
  const known = number.qrCodes.get(code);
  if (!known) throw invalidParameter(`The QR code ${code} does not exist.`);
  return known;
}

function shown({ code, prefilledMessage, image }: QrCode): Answer {
  return {
    code,
    prefilled_message: prefilledMessage,
    deep_link_url: `https://wa.me/message/${code}`,
    ...(image && { qr_image_url: `https://scontent.xx.fbcdn.net/qr/${code}.${image.toLowerCase()}` }),
  };
}
