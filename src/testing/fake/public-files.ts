import type { FakeResponse } from './fake-request.js';
import type { World } from './world.js';

const graph = 'https://graph.facebook.com';
/** Where the fake serves files that need no token. */
const folder = 'fake-files';
const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h3v3H0zM5 0h3v3H5zM0 5h3v3H0z"/></svg>`;
/** One white pixel. */
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=';

/** The address of a file that needs no token: of the server that the request came to, or of Meta if there is no server. */
export function publicUrl(origin: string, path: string, metaHost: string): string {
  return origin === graph ? `https://${metaHost}/${path}` : `${origin}/${folder}/${path}`;
}

/** The file at an address, if it is one of these. */
export function publicFile(world: World, segments: readonly string[]): Exclude<FakeResponse, { readonly cut: true }> | undefined {
  if (segments[0] !== folder) return undefined;
  const path = segments.slice(1).join('/');
  const [, flowId] = /^flows\/(\d+)\.json$/.exec(path) ?? [];
  const flow = flowId === undefined ? undefined : world.flows.get(flowId)?.json;
  if (flow !== undefined) return { status: 200, headers: { 'content-type': 'application/json' }, body: flow };
  if (path.endsWith('.svg')) return { status: 200, headers: { 'content-type': 'image/svg+xml' }, body: picture };
  if (/\.(?:png|jpg)$/.test(path)) {
    return { status: 200, headers: { 'content-type': 'image/png' }, body: Uint8Array.from(atob(pixel), (byte) => byte.charCodeAt(0)) };
  }
  if (path.startsWith('flows/'))
    return { status: 200, headers: { 'content-type': 'text/html' }, body: '<!DOCTYPE html><title>Flow</title>' };
  return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'There is no such file.' };
}
