import { isRecord } from '../../runtime/json.js';
import type { NewFile } from './content.js';
import { sha256, toHex } from './sha-256.js';
import type { StoredFile } from './entities.js';
import type { World } from './world.js';

const dayMs = 24 * 60 * 60 * 1_000;
/** Ids of uploads are good so long. Source: Meta, Media (2 Dec 2025). */
const uploadLivesMs = 30 * dayMs;
/** Ids in webhooks are good so long since 9 Oct 2025. Source: Meta, changelog. */
const receivedLivesMs = 7 * dayMs;
/** Addresses are good so long. Source: Meta, Media (2 Dec 2025). */
const urlLivesSeconds = 5 * 60;

/** Keeps a file and gives it an id. */
export function addFile(
  world: World,
  file: { readonly id?: string; readonly phoneNumberId: string; readonly mimeType: string; readonly bytes: Uint8Array },
  origin: 'upload' | 'webhook',
): StoredFile {
  const id = file.id ?? world.ids.mediaId();
  const stored: StoredFile = {
    ...file,
    id,
    origin,
    sha256: toHex(sha256(file.bytes)),
    expiresAtMs: world.now() + (origin === 'upload' ? uploadLivesMs : receivedLivesMs),
  };
  world.files.set(id, stored);
  return stored;
}

/** Makes the files that customers and the phone send from a number. */
export function filesOf(world: World, phoneNumberId: string): NewFile {
  return ({ id, mimeType, bytes }) => {
    const chosen = id ?? world.ids.mediaId();
    const file = { id: chosen, phoneNumberId, mimeType, bytes: bytes ?? new TextEncoder().encode(`Made-up file ${chosen}`) };
    const stored = addFile(world, file, 'webhook');
    return { id: chosen, sha256: toBase64(stored.sha256), url: fileUrl(world, stored, world.mediaUrl) };
  };
}

/** A message that goes out now has ids and addresses that live from now. */
export function renewFile(world: World, content: unknown): unknown {
  const file = isRecord(content) && typeof content.id === 'string' ? world.files.get(content.id) : undefined;
  if (!file || !isRecord(content)) return content;
  file.expiresAtMs = world.now() + receivedLivesMs;
  return { ...content, url: fileUrl(world, file, world.mediaUrl) };
}

/** An address at which a file can be loaded for five minutes. */
export function fileUrl(world: World, { id, sha256: checksum }: StoredFile, base: string): string {
  const url = new URL('/whatsapp_business/attachments/', base);
  url.searchParams.set('mid', id);
  url.searchParams.set('ext', String(Math.floor(world.now() / 1_000) + urlLivesSeconds));
  url.searchParams.set('hash', `AR${checksum.slice(0, 20)}`);
  return url.href;
}

/** WhatsApp's CDN. Source: Meta, Media upload components of Flows (Dec 2025). */
const cdnUrl = 'https://mmg.whatsapp.net';

/** An address of an encrypted file of a Flow. It needs no token. */
export function flowFileUrl(world: World, { id, sha256: checksum }: StoredFile): string {
  const url = new URL('/flow-media/', world.mediaUrl.startsWith('https://lookaside.') ? cdnUrl : world.mediaUrl);
  url.searchParams.set('mid', id);
  url.searchParams.set('hash', checksum.slice(0, 20));
  return url.href;
}

/** The encrypted file behind an address. */
export function flowFileAt(world: World, { mid, hash }: Readonly<Record<string, unknown>>): StoredFile | undefined {
  const file = typeof mid === 'string' ? world.files.get(mid) : undefined;
  return file && file.expiresAtMs > world.now() && hash === file.sha256.slice(0, 20) ? file : undefined;
}

/** The file behind an address, while the address is good. */
export function fileAt(world: World, query: Readonly<Record<string, unknown>>): StoredFile | undefined {
  const file = typeof query.mid === 'string' ? world.files.get(query.mid) : undefined;
  const isGood = file && file.expiresAtMs > world.now() && Number(query.ext) > world.now() / 1_000;
  return isGood && query.hash === `AR${file.sha256.slice(0, 20)}` ? file : undefined;
}

/** A checksum of hexadecimal digits as webhooks have it. */
function toBase64(hex: string): string {
  return btoa(hex.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16))));
}
