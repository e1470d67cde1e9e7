import { createRandom } from './random.js';

const digits = '0123456789';
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Makes ids that look like Meta's. */
export interface Ids {
  /** A Graph id: 15 digits. */
  graphId(): string;
  wamid(): string;
  accessToken(): string;
  code(): string;
  requestId(): string;
  /** `fbtrace_id`, and the header of the same answer. */
  traceId(): string;
  mediaId(): string;
  /** SHA-256 in base64, as in webhooks. */
  sha256(): string;
  /** The business-scoped user id of a person: the same for the same number. */
  userId(waId: string): string;
  /** A number for a business that has none: digits of the range that is kept free for fiction. */
  businessNumber(): string;
}

/** Makes the ids of a fake; each kind has its own stream. */
export function createIds(seed: number): Ids {
  const graph = createRandom(seed, 'graph ids');
  const messages = createRandom(seed, 'wamids');
  const secrets = createRandom(seed, 'tokens and codes');
  const traces = createRandom(seed, 'traces');
  const media = createRandom(seed, 'media');
  let numbers = 122;
  return {
    graphId: () => `1${graph.text(14, digits)}`,
    wamid: () => `wamid.HBgL${messages.text(32, base64)}AA==`,
    accessToken: () => `EAAG${secrets.text(60, base64)}`,
    code: () => `AQB${secrets.text(80, base64)}`,
    requestId: () => `BQ${graph.text(20, digits)}`,
    traceId: () => `A${traces.text(22, base64)}`,
    mediaId: () => `88${media.text(14, digits)}`,
    sha256: () => `${media.text(43, base64)}=`,
    userId: (waId) => `US.${createRandom(seed, `user ${waId}`).text(20, digits)}`,
    businessNumber: () => `1555010${String((numbers += 1)).padStart(4, '0')}`,
  };
}
