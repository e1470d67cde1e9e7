import { createRandom } from './random.js';

const digits = '0123456789';
const hexadecimal = '0123456789ABCDEF';
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const codeAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Makes ids that look like Meta's. */
export interface Ids {
  /** A Graph id: 15 digits. */
  graphId(): string;
  /** The part of a wamid that is the same in both spellings: uppercase hexadecimal digits, as long as those that Meta makes. */
  messageToken(sender: 'customer' | 'app' | 'api'): string;
  /** The id of a call. */
  wacid(): string;
  groupId(): string;
  accessToken(): string;
  code(): string;
  requestId(): string;
  /** The id of a resumable upload. */
  uploadId(): string;
  /** What a finished resumable upload gives. */
  handle(): string;
  /** The code of a QR code: 14 characters. */
  qrCode(): string;
  /** `fbtrace_id`, and the header of the same answer. */
  traceId(): string;
  mediaId(): string;
  /** SHA-256 in base64, as in webhooks, of a file that doesn't exist. */
  sha256(): string;
  /** The business-scoped user id of a person: the same for the same number. */
  userId(waId: string): string;
  /** The user ID that replaces another one. */
  newUserId(): string;
  /** The parent user ID that replaces another one. */
  newParentUserId(): string;
  /** A number for a business that has none: digits of the range that is kept free for fiction. */
  businessNumber(): string;
  /** Where all streams stand; setting it continues others. */
  state: readonly number[];
}

/** Makes the ids of a fake; each kind has its own stream. */
export function createIds(seed: number): Ids {
  const graph = createRandom(seed, 'graph ids');
  const messages = createRandom(seed, 'wamids');
  const secrets = createRandom(seed, 'tokens and codes');
  const traces = createRandom(seed, 'traces');
  const media = createRandom(seed, 'media');
  const users = createRandom(seed, 'user ids');
  const streams = [graph, messages, secrets, traces, media, users];
  let numbers = 122;
  return {
    graphId: () => `1${graph.text(14, digits)}`,
    messageToken: (sender) => (sender === 'api' ? messages.text(18, hexadecimal) : `3A${messages.text(18, hexadecimal)}`),
    wacid: () => `wacid.HBgL${messages.text(32, base64)}AA==`,
    groupId: () => graph.text(32, base64),
    accessToken: () => `EAAG${secrets.text(60, base64)}`,
    code: () => `AQB${secrets.text(80, base64)}`,
    requestId: () => `BQ${graph.text(20, digits)}`,
    uploadId: () => `upload:${secrets.text(40, base64)}?sig=AR${secrets.text(20, base64)}`,
    handle: () => `4::aW${secrets.text(40, base64)}`,
    qrCode: () => graph.text(14, codeAlphabet),
    traceId: () => `A${traces.text(22, base64)}`,
    mediaId: () => `88${media.text(14, digits)}`,
    sha256: () => `${media.text(43, base64)}=`,
    userId: (waId) => `US.${createRandom(seed, `user ${waId}`).text(20, digits)}`,
    newUserId: () => `US.${users.text(20, digits)}`,
    newParentUserId: () => `US.ENT.${users.text(20, digits)}`,
    businessNumber: () => `1555010${String((numbers += 1)).padStart(4, '0')}`,
    get state() {
      return [numbers, ...streams.map(({ state }) => state)];
    },
    set state([number = numbers, ...states]) {
      numbers = number;
      for (const [index, stream] of streams.entries()) stream.state = states[index] ?? stream.state;
    },
  };
}
