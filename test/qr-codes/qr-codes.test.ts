import { expect, test } from 'vitest';
import { createQrCode, deleteQrCode, getQrCode, listQrCodes, updateQrCode } from 'wa-coexist';
import { collect, expectedOf, runAction, type ActionCase } from '../meta/recorder.js';

const code = { code: 'EXAMPLE0000001', prefilled_message: 'A question', deep_link_url: 'https://wa.me/message/EXAMPLE0000001' };
const path = '/339900112233445/message_qrdls';

const cases: Record<string, ActionCase> = {
  createQrCode: {
    call: (client) => createQrCode(client, { prefilled_message: 'A question', generate_qr_image: 'SVG' }),
    request: `POST ${path}`,
    body: { prefilled_message: 'A question', generate_qr_image: 'SVG' },
    answer: { ...code, qr_image_url: 'https://example.com/code.svg' },
  },
  'createQrCode for another number': {
    call: (client) => createQrCode(client, { prefilled_message: 'A question', phoneNumberId: '339900112233446' }),
    request: 'POST /339900112233446/message_qrdls',
    body: { prefilled_message: 'A question' },
    answer: code,
  },
  updateQrCode: {
    call: (client) => updateQrCode(client, { code: code.code, prefilled_message: 'Another question' }),
    request: `POST ${path}`,
    body: { code: code.code, prefilled_message: 'Another question' },
    answer: { ...code, prefilled_message: 'Another question' },
  },
  getQrCode: {
    call: (client) => getQrCode(client, { code: code.code, fields: ['code', 'qr_image_url.format(SVG)'] }),
    request: `GET ${path}/${code.code}`,
    query: { fields: 'code,qr_image_url.format(SVG)' },
    answer: { data: [code] },
    result: code,
  },
  listQrCodes: {
    call: (client) => collect(listQrCodes(client, { limit: 5 })),
    request: `GET ${path}`,
    query: { limit: '5' },
    answer: { data: [code] },
    result: [code],
  },
  deleteQrCode: { call: (client) => deleteQrCode(client, { code: code.code }), request: `DELETE ${path}/${code.code}` },
};

test.each(Object.entries(cases))('%s', async (_name, row) => {
  expect(await runAction(row)).toEqual(expectedOf(row));
});

test('a deleted code is undefined', async () => {
  const row: ActionCase = { ...cases.getQrCode!, answer: { data: [] } };
  expect(await runAction(row)).toMatchObject({ result: undefined });
});
