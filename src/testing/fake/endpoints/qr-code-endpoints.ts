import { publicUrl } from '../public-files.js';
import { invalidParameter } from '../refusal.js';
import type { Answer, QrCode } from '../entities.js';
import { optionalText, requiredText, success, type NumberCall, type Routes } from './call.js';
import { fieldsOf, pageOf } from './listing.js';

const edge = 'message_qrdls';
/** Source: Meta, QR codes (31 Oct 2025). */
const mostText = 140;
const mostCodes = 2_000;
const fields: ReadonlySet<string> = new Set(['code', 'prefilled_message', 'deep_link_url', 'qr_image_url']);

/** `/{phone-number-id}/message_qrdls`. */
export const qrCodeRoutes: Routes<NumberCall> = {
  [`GET ${edge}`](call) {
    const wanted = optionalText(call, 'code');
    const codes = [...call.number.qrCodes.values()].filter(({ code }) => wanted === undefined || code === wanted);
    return pageOf(
      call,
      codes.toReversed().map((code) => shown(call, code)),
    );
  },
  [`POST ${edge}`](call) {
    const { number, state } = call;
    const prefilledMessage = requiredText(call, 'prefilled_message');
    if (prefilledMessage.length > mostText)
      throw invalidParameter(`Param prefilled_message must be at most ${String(mostText)} characters long.`);
    const code = optionalText(call, 'code');
    if (code !== undefined) {
      const known = codeOf(call, code);
      known.prefilledMessage = prefilledMessage;
      return describe(call, known, undefined);
    }
    if (number.qrCodes.size >= mostCodes) throw invalidParameter(`A phone number has at most ${String(mostCodes)} QR codes.`);
    const { generate_qr_image: wanted } = call.fields;
    const image = wanted === 'PNG' || wanted === 'SVG' ? wanted : undefined;
    const made: QrCode = { code: state.world.ids.qrCode(), prefilledMessage, image };
    number.qrCodes.set(made.code, made);
    return describe(call, made, image);
  },
  [`POST ${edge}/*`](call) {
    const known = codeOf(call, call.item);
    known.prefilledMessage = requiredText(call, 'prefilled_message');
    return describe(call, known, undefined);
  },
  [`GET ${edge}/*`]: (call) => ({ data: [shown(call, codeOf(call, call.item))] }),
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

/** A code with the requested fields. Its image is only included on request: `qr_image_url.format(SVG)`. */
function shown(call: NumberCall, code: QrCode): Answer {
  const asked = fieldsOf(call);
  const image = asked.find(({ name }) => name === 'qr_image_url');
  const format = image && (formatIn(image.parameters.format ?? code.image) === 'PNG' ? 'PNG' : 'SVG');
  const item = describe(call, code, format);
  if (asked.length === 0) return item;
  const unknown = asked.find(({ name }) => !fields.has(name));
  if (unknown) throw invalidParameter(`Tried accessing nonexisting field (${unknown.name}) on node type (WhatsAppMessageQRDL)`);
  return Object.fromEntries(asked.flatMap(({ name }) => (item[name] === undefined ? [] : [[name, item[name]]])));
}

function formatIn(format: unknown): string | undefined {
  return typeof format === 'string' ? format.toUpperCase() : undefined;
}

function describe({ origin }: NumberCall, { code, prefilledMessage }: QrCode, image: 'PNG' | 'SVG' | undefined): Answer {
  return {
    code,
    prefilled_message: prefilledMessage,
    deep_link_url: `https://wa.me/message/${code}`,
    ...(image && { qr_image_url: publicUrl(origin, `qr/${code}.${image.toLowerCase()}`, 'scontent.xx.fbcdn.net') }),
  };
}
