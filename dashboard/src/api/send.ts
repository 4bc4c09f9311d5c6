import { address, request } from './client';

/** Sends a JSON text and reads the JSON that comes back. As text, so that numbers keep digits that JavaScript lacks. */
export async function sendJson<Shape>(method: 'POST' | 'PUT', path: string, body: string): Promise<Shape> {
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
  return (await (await request(address(path), { method, headers, body })).json()) as Shape;
}

/** Has the server delete what is at a path. */
export async function sendDelete(path: string): Promise<void> {
  await request(address(path), { method: 'DELETE', headers: { Accept: 'application/json' } });
}

/** A name as one part of a path: whatever is in it (`@`, `/`, spaces). */
export function part(name: string): string {
  return encodeURIComponent(name);
}
