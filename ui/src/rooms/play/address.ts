/** What is wrong with a server's address at first sight. Rust has the last word. */
export function addressProblem(text: string): string | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'This is not a web address; it should look like https://example.com/v1.';
  }
  if (url.protocol === 'https:') return undefined;
  if (url.protocol !== 'http:') return 'The address must begin with https:// or http://.';
  const isHere = /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  return isHere
    ? undefined
    : 'http:// would send the key unprotected over the network. Only this computer may be reached that way; use https://.';
}

/** An address as Rust keeps it: without a slash or a call at its end. */
export function normalAddress(text: string): string {
  const url = new URL(text);
  const path = url.pathname
    .replace(/\/+$/, '')
    .replace(/\/(chat\/completions|responses|messages|chat)$/, '');
  return `${url.protocol}//${url.host}${path}`;
}
