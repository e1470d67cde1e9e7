/** Performs an action of the emulator's page, and returns the result. */
export async function doOnEmulator(url: string, action: object): Promise<unknown> {
  const response = await fetch(`${url}/emulator/actions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(action),
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}
