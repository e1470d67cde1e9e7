import type { Client, RequestOptions } from '../client/client.js';
import { fileOf, type FileSource } from '../client/file-source.js';
import { readInPromise, readParameters } from '../client/parameters.js';
import { checkNumber } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { ruleOn } from '../policy/rule.js';
import { templateSampleTypes } from '../policy/template-sample-types.js';
import { isoDay } from '../runtime/calendar.js';
import { uploadFile, type UploadFileParameters } from './upload-file.js';

const action = 'uploadTemplateSample';
const defaultMaxBytes = 100 * 1024 * 1024;

/**
 * Uploads a sample for the header of a template, and returns its handle. Meta's reviewers see the sample. Media IDs and
 * URLs don't work as samples. It uses the resumable upload API, as {@link uploadFile} does.
 *
 * Permission: `whatsapp_business_management`. `POST /{app-id}/uploads`, `POST /{upload-id}`. Source: Meta, Resumable
 * Upload API (Sep 2025): `image/jpeg`, `image/png`, `video/mp4` and `application/pdf`.
 *
 * @param client - A client from {@link createClient}.
 * @param file - Blob, File, bytes, stream or URL. See {@link FileSource}.
 * @param options - `type`, `filename` and `appId`, and options of the requests.
 * @returns The handle, for `example: { header_handle: [handle] }` of a header.
 * @throws {@link InvalidArgumentError} without a MIME type, with one that Meta doesn't accept, or for an empty file,
 * {@link FileTransferError}, {@link GraphApiError} and the
 * connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, createTemplate, uploadTemplateSample } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', appId: '123456789012345', wabaId: '102290129340398' });
 * const handle = await uploadTemplateSample(client, new URL('https://example.com/shoes.jpg'));
 * await createTemplate(client, {
 *   name: 'new_shoes',
 *   language: 'en_US',
 *   category: 'MARKETING',
 *   components: [
 *     { type: 'HEADER', format: 'IMAGE', example: { header_handle: [handle] } },
 *     { type: 'BODY', text: 'The new shoes are here.' },
 *   ],
 * });
 * ```
 */
export async function uploadTemplateSample(
  client: Client,
  file: FileSource,
  options: RequestOptions & Omit<UploadFileParameters, 'file'> = {},
): Promise<string> {
  const upload = readParameters(action, { file }, options, async () => {
    const { type, filename, appId, maxBytes = defaultMaxBytes, ...request } = options;
    checkNumber(action, 'maxBytes', maxBytes, { unit: 'bytes' });
    const sample = await fileOf(client, file, { action, type, filename, maxBytes }, request);
    if (client.validate) checkSample(sample, isoDay(client.clock.now()));
    return uploadFile(client, { file: sample, type: sample.type, filename: sample.name, appId, maxBytes }, request);
  });
  return (await readInPromise(action, upload)).h;
}

/** Rejects a file that Meta's reviewers can't use, before the upload. */
function checkSample({ type, size }: File, day: string): void {
  const { value: accepted } = ruleOn(templateSampleTypes, day) ?? { value: [type] };
  const essence = type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (!accepted.includes(essence)) {
    throw new InvalidArgumentError(action, 'type', `is ${essence}, but Meta accepts for samples of templates ${accepted.join(', ')}`);
  }
  if (size === 0) throw new InvalidArgumentError(action, 'file', 'is empty');
}
