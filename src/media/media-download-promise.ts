import { ApiPromise } from '../client/api-promise.js';
import type { MediaDownload } from './media-download.js';
import type { SavedMedia, SaveMediaOptions } from './save-to-file.js';

/** Promise of a download. `toFile` saves it without a separate `await`. */
export class MediaDownloadPromise extends ApiPromise<MediaDownload> {
  /**
   * Saves the file. See {@link MediaDownload.toFile}.
   *
   * @param path - A path or a file URL. If it is a folder, the name comes from the media ID and the MIME type.
   * @param options - Name, existing files and progress. See {@link SaveMediaOptions}.
   */
  async toFile(path: string | URL, options?: SaveMediaOptions): Promise<SavedMedia> {
    return (await this).toFile(path, options);
  }
}
