import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { createClient, FileTransferError, InvalidArgumentError } from 'wa-coexist';
import { decryptFlowMedia, downloadFlowMedia, readFlowMedia, type FlowMedia } from 'wa-coexist/flows';
import { recordMeta } from '../meta/recorder.js';

/** A file on WhatsApp's CDN. */
function upload(bytes: Uint8Array, url = 'https://mmg.whatsapp.net/v/t62.7118-24/file.enc') {
  const [key, hmacKey, iv] = [randomBytes(32), randomBytes(32), randomBytes(16)];
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const ciphertext = Buffer.concat([cipher.update(bytes), cipher.final()]);
  const mac = createHmac('sha256', hmacKey).update(iv).update(ciphertext).digest().subarray(0, 10);
  const encrypted = new Uint8Array(Buffer.concat([ciphertext, mac]));
  const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('base64');
  const media: FlowMedia = {
    media_id: '790aba14-0000-4dbd-aa9e-0d75401da14b',
    cdn_url: url,
    file_name: '../photo?.jpg',
    encryption_metadata: {
      encryption_key: key.toString('base64'),
      hmac_key: hmacKey.toString('base64'),
      iv: iv.toString('base64'),
      encrypted_hash: sha256(encrypted),
      plaintext_hash: sha256(bytes),
    },
  };
  return { encrypted, media };
}

const file = new TextEncoder().encode('a photo');

describe('decryptFlowMedia', () => {
  test('decrypts files of any size', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const { encrypted, media } = upload(bytes);
        expect(decryptFlowMedia(encrypted, media)).toEqual(bytes);
      }),
    );
  });

  test('never accepts a changed file or a changed key', () => {
    const { encrypted, media } = upload(file);
    const members = ['encryption_key', 'hmac_key', 'iv', 'encrypted_hash', 'plaintext_hash'] as const;
    fc.assert(
      fc.property(fc.constantFrom('file', ...members), fc.nat(), fc.integer({ min: 1, max: 255 }), (name, position, change) => {
        const flip = (bytes: Uint8Array): Uint8Array =>
          bytes.map((byte, index) => (index === position % bytes.length ? byte ^ change : byte));
        const metadata = media.encryption_metadata;
        const changed = name === 'file' ? {} : { [name]: Buffer.from(flip(Buffer.from(metadata[name], 'base64'))).toString('base64') };
        const tampered = { ...media, encryption_metadata: { ...metadata, ...changed } };
        expect(() => decryptFlowMedia(name === 'file' ? flip(encrypted) : encrypted, tampered)).toThrow(FileTransferError);
      }),
    );
  });

  test('checks the HMAC, also if the attacker knows the checksum', () => {
    const { encrypted, media } = upload(file);
    encrypted[0]! ^= 1;
    const encryptedHash = createHash('sha256').update(encrypted).digest('base64');
    const forged = { ...media, encryption_metadata: { ...media.encryption_metadata, encrypted_hash: encryptedHash } };
    expect(() => decryptFlowMedia(encrypted, forged)).toThrow(expect.objectContaining({ reason: 'corrupt' }));
  });

  test.each([0, 1, 9, 10, 11])('rejects a file of %i bytes', (size) => {
    const { media } = upload(file);
    const bytes = new Uint8Array(size);
    const hash = createHash('sha256').update(bytes).digest('base64');
    const metadata = { ...media.encryption_metadata, encrypted_hash: hash };
    expect(() => decryptFlowMedia(bytes, { ...media, encryption_metadata: metadata })).toThrow(FileTransferError);
  });
});

describe('readFlowMedia', () => {
  test('reads whole files, and skips everything else', () => {
    const { media } = upload(file);
    expect(readFlowMedia([media, { ...media, cdn_url: 1 }, null, 'x', { ...media, encryption_metadata: {} }])).toEqual([media]);
    for (const value of [undefined, null, 1, 'x', {}, media]) expect(readFlowMedia(value)).toEqual([]);
  });
});

describe('downloadFlowMedia', () => {
  const requests: { url: string; authorization: string | null }[] = [];
  const clientOf = (response: () => Response, options: object = {}) =>
    createClient({
      accessToken: 'secret-token',
      retries: 0,
      fetch: recordMeta(({ href, headers }) => {
        requests.push({ url: href, authorization: headers.get('authorization') });
        return response();
      }).fetch,
      ...options,
    } as Parameters<typeof createClient>[0]);

  test('downloads without the token and returns the bytes', async () => {
    requests.length = 0;
    const { encrypted, media } = upload(file);
    expect(
      await downloadFlowMedia(
        clientOf(() => new Response(encrypted)),
        { media },
      ),
    ).toEqual({ bytes: file, fileName: '../photo?.jpg' });
    expect(requests).toEqual([{ url: media.cdn_url, authorization: null }]);
  });

  test.each([
    'http://mmg.whatsapp.net/file',
    'https://mmg.whatsapp.net:8443/file',
    'https://user@mmg.whatsapp.net/file',
    'https://whatsapp.net.example.com/file',
    'https://evilwhatsapp.net/file',
    'https://mmg.whatsapp.net@example.com/file',
    'https://mmg.whatsapp.net\\@example.com/file',
    'https://169.254.169.254/latest/meta-data',
    'http://localhost/file',
    'file:///etc/passwd',
    'x',
    '',
  ])('never requests %s', async (url) => {
    requests.length = 0;
    const { media } = upload(file, url);
    const client = clientOf(() => new Response('x'));
    await expect(downloadFlowMedia(client, { media })).rejects.toMatchObject({ reason: 'untrusted-url' });
    expect(requests).toEqual([]);
  });

  test('accepts other CDN hosts, and hosts of the client', async () => {
    for (const url of ['https://media.fra1-2.fna.whatsapp.net/file', 'https://cdn.example.com/file']) {
      const { encrypted, media } = upload(file, url);
      const client = clientOf(() => new Response(encrypted), { mediaHosts: ['cdn.example.com'] });
      expect((await downloadFlowMedia(client, { media })).bytes).toEqual(file);
    }
  });

  test.each([
    [301, 'redirected'],
    [404, 'expired'],
    [418, 'unavailable'],
  ])('reports status %i as %s', async (status, reason) => {
    const { media } = upload(file);
    const response = (): Response => new Response(null, { status, headers: { location: 'https://example.com' } });
    await expect(downloadFlowMedia(clientOf(response), { media })).rejects.toMatchObject({ reason });
  });

  test('stops at the size limit', async () => {
    const { encrypted, media } = upload(new Uint8Array(1_000));
    const client = clientOf(() => new Response(encrypted));
    await expect(downloadFlowMedia(client, { media, maxBytes: 900 })).rejects.toMatchObject({ reason: 'too-large' });
    await expect(downloadFlowMedia(client, { media, maxBytes: 999 })).rejects.toMatchObject({ reason: 'too-large' });
    expect((await downloadFlowMedia(client, { media, maxBytes: 1_000 })).bytes).toHaveLength(1_000);
  });

  test('rejects malformed arguments', async () => {
    const client = clientOf(() => new Response(null));
    // @ts-expect-error it is no file
    await expect((async () => downloadFlowMedia(client, { media: {} }))()).rejects.toThrow(InvalidArgumentError);
    const { media } = upload(file);
    await expect((async () => downloadFlowMedia(client, { media, maxBytes: -1 }))()).rejects.toThrow(InvalidArgumentError);
  });
});
