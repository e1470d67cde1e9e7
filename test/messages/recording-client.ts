import { createClient, type Client } from 'wa-coexist';

/** A client whose requests go nowhere and are kept. */
export function recordingClient(options: { readonly validate?: boolean; readonly coexistence?: boolean } = {}): {
  readonly client: Client;
  readonly requests: { readonly path: string; readonly body: unknown }[];
  readonly bodies: unknown[];
} {
  const requests: { path: string; body: unknown }[] = [];
  const bodies: unknown[] = [];
  const client = createClient({
    ...options,
    accessToken: 'token',
    phoneNumberId: '339900112233445',
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const body: unknown = await request.json();
      bodies.push(body);
      requests.push({ path: new URL(request.url).pathname, body });
      return Response.json({
        messaging_product: 'whatsapp',
        contacts: [{ input: '1' }],
        messages: [{ id: 'wamid.EXAMPLE1' }],
        success: true,
      });
    },
  });
  return { client, requests, bodies };
}
