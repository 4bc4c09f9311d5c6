import { address, request } from './client';

/** Asks for a change: `body` as JSON, the answer's JSON back; a refusal is an `ApiError` as with `getJson`. */
export async function sendJson<Shape>(method: 'POST' | 'PUT', path: string, body: object): Promise<Shape> {
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
  const response = await request(address(path), { method, headers, body: JSON.stringify(body) });
  return (await response.json()) as Shape;
}

/** A name as one part of a path: whatever is in it (`@`, `/`, spaces). */
export function part(name: string): string {
  return encodeURIComponent(name);
}
