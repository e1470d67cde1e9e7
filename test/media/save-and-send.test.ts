import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createClient,
  downloadMedia,
  FileTransferError,
  InvalidArgumentError,
  sendFile,
  uploadMedia,
  WhatsAppError,
  type SendFileParameters,
} from 'wa-coexist';
import { createFakeCloudApi } from 'wa-coexist/testing';
import { acceptedMessage, recordingClient, recordMeta } from '../meta/recorder.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wa-coexist-media-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A client whose downloads return these bytes. */
function serving(chunks: readonly string[], { type = 'application/pdf', breaks = false } = {}) {
  const bytes = chunks.join('');
  const { fetch } = recordMeta(({ url }) => {
    if (url.startsWith('graph.facebook.com/v')) {
      return { id: 'media-7', url: 'https://lookaside.fbsbx.com/x', mime_type: type, file_size: bytes.length };
    }
    let next = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const chunk = chunks[next++];
        if (chunk !== undefined) controller.enqueue(new TextEncoder().encode(chunk));
        else if (breaks) controller.error(new Error('connection lost'));
        else controller.close();
      },
    });
    return new Response(body, { headers: { 'content-type': type } });
  });
  return createClient({ accessToken: 'token', fetch, maxRetries: 0 });
}

describe('toFile', () => {
  test('a file is saved with its bytes, for its owner only, and with progress', async () => {
    const progress: unknown[] = [];
    const path = join(folder, 'invoice.pdf');
    const saved = await downloadMedia(serving(['abc', 'defg']), { mediaId: 'media-7' }).toFile(path, {
      onProgress: (step) => {
        progress.push(step);
        throw new Error('the caller is wrong');
      },
    });
    expect(saved).toEqual({ path, sizeBytes: 7, mimeType: 'application/pdf' });
    expect(readFileSync(path, 'utf8')).toBe('abcdefg');
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(progress).toEqual([
      { receivedBytes: 3, totalBytes: 7 },
      { receivedBytes: 7, totalBytes: 7 },
    ]);
    expect(readdirSync(folder)).toEqual(['invoice.pdf']);
  });

  test.each<[string, string | undefined, string]>([
    ['application/pdf', undefined, 'media-7.pdf'],
    ['image/jpeg', 'photo', 'photo.jpg'],
    ['audio/ogg; codecs=opus', undefined, 'media-7.ogg'],
    ['application/x-made-up-type', undefined, 'media-7.bin'],
    ['text/calendar; charset=utf-8', undefined, 'media-7.ics'],
    ['text/vcard', 'Мара', 'Мара.vcf'],
    ['application/pdf', '請求書', '請求書.pdf'],
    ['../../evil', undefined, 'media-7.bin'],
    ['application/pdf', '../../etc/cron.d/job', 'job.pdf'],
    ['application/pdf', '..', 'file.pdf'],
    ['application/pdf', 'con.txt', '_con.txt'],
    ['application/pdf', 'a\0b\n.pdf', 'ab.pdf'],
    ['application/pdf', '/', 'file.pdf'],
  ])('the name in a folder for the type %s and the name %j is %s', async (type, filename, expected) => {
    const { path } = await downloadMedia(serving(['x'], { type }), { mediaId: 'media-7' }).toFile(folder, { filename });
    expect(path).toBe(join(folder, expected));
    expect(readdirSync(folder)).toEqual([expected]);
  });

  test('a media ID with separators stays in the folder', async () => {
    const download = await downloadMedia(serving(['x']), { mediaId: '../escape', url: 'https://lookaside.fbsbx.com/x' });
    const { path } = await download.toFile(pathToFileURL(`${folder}/`));
    expect(path).toBe(join(folder, 'escape.pdf'));
  });

  test('an existing file and a link are never changed, unless the caller replaces them', async () => {
    const other = join(folder, 'other');
    const path = join(folder, 'a.pdf');
    writeFileSync(other, 'keep');
    symlinkSync(other, path);
    const client = serving(['new']);
    const saving = downloadMedia(client, { mediaId: '1' }).toFile(path);
    await expect(saving).rejects.toThrow(FileTransferError);
    await expect(saving).rejects.toMatchObject({ reason: 'exists' });
    expect(readFileSync(other, 'utf8')).toBe('keep');
    await downloadMedia(client, { mediaId: '1' }).toFile(path, { existing: 'replace' });
    expect([readFileSync(path, 'utf8'), readFileSync(other, 'utf8')]).toEqual(['new', 'keep']);
    expect(readdirSync(folder).sort()).toEqual(['a.pdf', 'other']);
  });

  test('one of two downloads to the same name is saved, and the other one is rejected', async () => {
    const results = await Promise.allSettled(
      ['one', 'two'].map((bytes) => downloadMedia(serving([bytes]), { mediaId: '1' }).toFile(join(folder, 'a'))),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ['a broken connection', () => downloadMedia(serving(['abc'], { breaks: true }), { mediaId: '1' }).toFile(join(folder, 'a')), 'network'],
    [
      'a wrong checksum',
      () => downloadMedia(serving(['abc']), { mediaId: '1', sha256: '0'.repeat(64) }).toFile(join(folder, 'a')),
      'file-transfer',
    ],
    [
      'a file above the limit',
      () => downloadMedia(serving(['abc', 'def']), { mediaId: '1', maxBytes: 4 }).toFile(join(folder, 'a')),
      'file-transfer',
    ],
  ])('%s leaves no file', async (_name, save, kind) => {
    await expect(save()).rejects.toMatchObject({ kind });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a missing folder and wrong arguments are rejected', async () => {
    const download = () => downloadMedia(serving(['x']), { mediaId: '1' });
    await expect(download().toFile(join(folder, 'missing', 'a.pdf'))).rejects.toMatchObject({ reason: 'not-saved' });
    for (const path of ['', 'a\0b', new URL('https://shop.example'), 7 as unknown as string]) {
      await expect(download().toFile(path)).rejects.toThrow(InvalidArgumentError);
    }
    await expect(download().toFile(folder, { existing: 'x' as 'replace' })).rejects.toThrow('existing');
  });
});

describe('the body of a download', () => {
  const client = () => serving(['abc']);

  test('is saved one time only: the rest of it would be an empty file', async () => {
    const download = await downloadMedia(client(), { mediaId: '1' });
    await download.toFile(join(folder, 'a'));
    await expect(download.toFile(join(folder, 'b'))).rejects.toThrow(InvalidArgumentError);
    await expect(download.bytes()).rejects.toThrow('was read or cancelled before');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  test('is not saved after it was read in another way', async () => {
    const read = await downloadMedia(client(), { mediaId: '1' });
    await read.bytes();
    const cancelled = await downloadMedia(client(), { mediaId: '1' });
    await cancelled.body.cancel();
    const started = await downloadMedia(client(), { mediaId: '1' });
    const reader = started.body.getReader();
    await reader.read();
    const locked = await downloadMedia(client(), { mediaId: '1' });
    locked.body.getReader();
    reader.releaseLock();
    for (const download of [read, cancelled, started, locked]) {
      await expect(download.toFile(join(folder, 'a'))).rejects.toThrow(InvalidArgumentError);
      await expect(download.bytes()).rejects.toThrow(InvalidArgumentError);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is not read if the file exists or the path is wrong, and its connection ends', async () => {
    writeFileSync(join(folder, 'a'), 'keep');
    for (const path of [join(folder, 'a'), '', join(folder, 'missing', 'a')]) {
      let isCancelled = false;
      let pulls = 0;
      const { fetch } = recordMeta(({ url }) => {
        if (url.startsWith('graph.facebook.com/v')) return { id: '1', url: 'https://lookaside.fbsbx.com/x', mime_type: 'image/png' };
        const body = new ReadableStream<Uint8Array>(
          {
            pull: (controller) => {
              pulls += 1;
              controller.enqueue(new Uint8Array(10));
            },
            cancel: () => {
              isCancelled = true;
            },
          },
          { highWaterMark: 0 },
        );
        return new Response(body);
      });
      const download = downloadMedia(createClient({ accessToken: 'token', fetch, maxRetries: 0 }), { mediaId: '1' });
      await expect(download.toFile(path)).rejects.toThrow();
      await new Promise((resolve) => setImmediate(resolve));
      expect({ path, isCancelled, pulls }).toEqual({ path, isCancelled: true, pulls: 0 });
    }
  });
});

/** The bytes of a WebP file, with the animation flag. */
function webp(size: number, isAnimated: boolean): Blob {
  const bytes = new Uint8Array(size);
  bytes.set(new TextEncoder().encode('RIFF    WEBPVP8X'));
  bytes[20] = isAnimated ? 2 : 0;
  return new Blob([bytes], { type: 'image/webp' });
}
const blob = (type: string, size = 10): Blob => new Blob([new Uint8Array(size)], { type });
const opus = (): Blob => new Blob([new Uint8Array(28), 'OpusHead'], { type: 'audio/ogg' });

/** A file that begins with these characters. */
const of = (text: string, type: string): Blob =>
  new Blob([Uint8Array.from(text, (character) => character.charCodeAt(0)), new Uint8Array(40)], { type });

describe('sendFile', () => {
  const openShop = () => {
    const fake = createFakeCloudApi();
    const shop = fake.coexistenceNumber();
    const mara = fake.customer('15550100987');
    mara.send(shop.phoneNumberId, 'Hi');
    return { fake, mara, client: createClient({ ...shop, fetch: fake.fetch, maxRetries: 0 }) };
  };

  test.each<[string, Omit<SendFileParameters, 'to'>, string, object | undefined]>([
    ['a JPEG', { file: blob('image/jpeg'), caption: 'New' }, 'image', undefined],
    ['an MP4', { file: blob('video/mp4') }, 'video', undefined],
    ['an MP3', { file: blob('audio/mpeg') }, 'audio', undefined],
    ['Ogg with Opus', { file: opus() }, 'audio', undefined],
    ['Ogg with Opus as a voice message', { file: opus(), kind: 'voice' }, 'voice', undefined],
    ['an MP3 as a voice message', { file: blob('audio/mpeg'), kind: 'voice' }, 'audio', { from: 'voice', reason: 'type' }],
    ['a small WebP', { file: webp(1_000, false) }, 'sticker', undefined],
    ['a large WebP', { file: webp(300_000, false) }, 'document', { from: 'sticker', reason: 'size' }],
    ['a large animated WebP', { file: webp(300_000, true) }, 'sticker', undefined],
    ['a PDF', { file: blob('application/pdf'), filename: 'a.pdf' }, 'document', undefined],
    ['a PDF as an image', { file: blob('application/pdf'), kind: 'image' }, 'document', { from: 'image', reason: 'type' }],
    ['a JPEG as a document', { file: blob('image/jpeg'), kind: 'document' }, 'document', undefined],
  ])('%s', async (_name, parameters, kind, fallback) => {
    const { fake, mara, client } = openShop();
    const sent = await sendFile(client, { to: mara.waId, ...parameters });
    expect(sent.kind).toBe(kind);
    if (fallback) expect(sent.fallback).toMatchObject(fallback);
    else expect(sent.fallback).toBeUndefined();
    await fake.settled();
    expect(mara.inbox.at(-1)).toMatchObject({ id: sent.messages[0].id, type: kind === 'voice' ? 'audio' : kind });
  });

  test.each<[string, SendFileParameters['file'], string | undefined, string, string]>([
    ['a JPEG without a type', of('\xFF\xD8\xFF\xE0', ''), undefined, 'image', 'image/jpeg'],
    ['a JPEG with a vague type', of('\xFF\xD8\xFF\xE0', 'application/octet-stream'), undefined, 'image', 'image/jpeg'],
    ['a JPEG that calls itself a PNG', of('\xFF\xD8\xFF\xE0', 'image/png'), 'a.png', 'image', 'image/jpeg'],
    ['a PNG as bytes', Uint8Array.from('\x89PNG\r\n\x1A\n', (one) => one.charCodeAt(0)), undefined, 'image', 'image/png'],
    ['a WebP without a type', of('RIFF    WEBPVP8 ', ''), undefined, 'sticker', 'image/webp'],
    ['a PDF without a type', of('%PDF-1.7', ''), 'a.pdf', 'document', 'application/pdf'],
    ['a PDF that calls itself a JPEG', of('%PDF-1.7', 'image/jpeg'), 'a.jpg', 'document', 'application/pdf'],
    ['Opus without a type', of(`OggS${'x'.repeat(24)}OpusHead`, ''), undefined, 'audio', 'audio/ogg; codecs=opus'],
    ['Opus with a bare type', of(`OggS${'x'.repeat(24)}OpusHead`, 'audio/ogg'), undefined, 'audio', 'audio/ogg; codecs=opus'],
    ['an MP3 without a type', of('ID3', ''), undefined, 'audio', 'audio/mpeg'],
    ['an MP4 without a type', of('    ftypisom', ''), undefined, 'video', 'video/mp4'],
    ['MP4 with the type of its audio', of('    ftypisom', 'audio/mp4'), undefined, 'audio', 'audio/mp4'],
    [
      'a Word document without a type',
      of('PK\x03\x04', ''),
      'a.DOCX',
      'document',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ],
    ['a text that begins as a PDF', of('%PDF-1.7', 'text/plain'), 'a.txt', 'document', 'text/plain'],
  ])('%s', async (_name, file, filename, kind, type) => {
    const { client, bodies } = recordingClient(({ path }) => (path.endsWith('/media') ? { id: 'm1' } : acceptedMessage));
    const sent = await sendFile(client, { to: '15550100987', file, filename });
    expect(sent).toMatchObject({ kind });
    expect(bodies[0]).toMatchObject({ type });
  });

  test('an image above 5 MiB goes out as a document with a name', async () => {
    const { client, bodies } = recordingClient(({ path }) => (path.endsWith('/media') ? { id: 'm1' } : acceptedMessage));
    const file = blob('image/jpeg', 5 * 1024 * 1024 + 1);
    const sent = await sendFile(client, { to: '15550100987', file });
    expect(sent).toMatchObject({
      mediaId: 'm1',
      kind: 'document',
      fallback: { from: 'image', reason: 'size', accepted: 'image/jpeg, image/png of at most 5 MiB' },
    });
    expect(bodies.slice(1)).toMatchObject([{ type: 'document', document: { id: 'm1', filename: 'file.jpg' } }]);
    await expect(sendFile(client, { to: '15550100987', file, fallback: 'reject' })).rejects.toThrow(
      'file has 5242881 bytes, but Meta accepts for image messages image/jpeg, image/png of at most 5 MiB',
    );
  });

  test.each<[string, Partial<SendFileParameters>, string]>([
    [
      'a type that Meta rejects',
      { file: blob('image/tiff') },
      'Meta accepts for messages with images image/jpeg, image/png of at most 5 MiB',
    ],
    ['another audio type', { file: blob('audio/flac') }, 'audio/aac, audio/amr, audio/mpeg, audio/mp4, audio/ogg of at most 16 MiB'],
    [
      'a PDF as an image without a fallback',
      { file: blob('application/pdf'), kind: 'image', fallback: 'reject' },
      'is application/pdf, but Meta accepts',
    ],
    ['a caption of audio', { file: blob('audio/mpeg'), caption: 'Listen' }, 'caption is not allowed'],
    ['no recipient', { file: blob('image/png'), to: undefined }, 'to is missing'],
    ['a recipient that is a name', { to: 'Mara' }, 'to must be a phone number'],
    ['a caption that is too long', { caption: 'a'.repeat(1_025) }, 'caption has 1025 characters'],
    ['an empty file', { file: blob('image/png', 0) }, 'file is empty'],
    ['bytes of no known type', { file: new Uint8Array(10) }, 'Pass the MIME type'],
    ['a file without a type', { file: blob('') }, 'Pass the MIME type'],
    ['a HEIC photo that calls itself a JPEG', { file: of('    ftypheic', 'image/jpeg') }, 'convert it to image/jpeg'],
    ['a GIF without a type', { file: of('GIF89a', '') }, 'convert it to video/mp4'],
    [
      'Ogg with Vorbis that calls itself Opus',
      { file: of(`OggS${'x'.repeat(24)}vorbis`, 'audio/ogg; codecs=opus') },
      'audio/ogg without a codec',
    ],
  ])('%s is rejected before the network', async (_name, change, message) => {
    const client = createClient({
      accessToken: 'token',
      phoneNumberId: '1',
      fetch: recordMeta(() => Promise.reject(new Error('no request expected'))).fetch,
    });
    await expect(sendFile(client, { to: '15550100987', file: blob('image/png'), ...change })).rejects.toThrow(message);
    await expect(sendFile(client, { to: '15550100987', file: blob('image/png'), ...change })).rejects.toThrow(WhatsAppError);
  });

  test('the compiler requires a recipient', () => {
    const client = createClient({ accessToken: 'token', phoneNumberId: '1', fetch: recordMeta(() => acceptedMessage).fetch });
    const calls = (): unknown[] => [
      // @ts-expect-error -- neither to nor recipient
      sendFile(client, { file: blob('image/png') }),
      // @ts-expect-error -- to may be undefined
      sendFile(client, { file: blob('image/png'), to: undefined }),
      sendFile(client, { file: blob('image/png'), to: '15550100987' }),
      sendFile(client, { file: blob('image/png'), recipient: 'US.1' }),
    ];
    expect(calls).toBeTypeOf('function');
  });

  test('an unknown kind is rejected immediately', () => {
    const client = createClient({ accessToken: 'token', phoneNumberId: '1' });
    expect(() => sendFile(client, { to: '15550100987', file: blob('image/png'), kind: 'gif' as 'image' })).toThrow('kind must be one of');
  });

  test('uploadMedia names the accepted types and sizes, too', async () => {
    const client = createClient({
      accessToken: 'token',
      phoneNumberId: '1',
      fetch: recordMeta(() => Promise.reject(new Error('no request expected'))).fetch,
    });
    await expect(uploadMedia(client, { file: blob('application/zip') })).rejects.toThrow(
      'for messages with documents text/plain, application/pdf',
    );
  });
});
