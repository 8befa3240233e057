// An app's entrance sends people who are not signed in here, with "?enter=<entrance>&return=<path>&state=<nonce>" and
// "&two_factor=1" where it wants more than a password. Once they are, /enter on this same host hands them over.
export interface Entering {
  entrance: string;
  twoFactor: boolean;
  /** Where to go on, on this host. */
  address: string;
}

export function enteringFrom(search: string): Entering | undefined {
  const given = new URLSearchParams(search);
  const entrance = given.get('enter') ?? '';
  const state = given.get('state') ?? '';
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(entrance) || state === '') return undefined;
  const twoFactor = given.has('two_factor');
  const wanted = new URLSearchParams({ entrance, return: given.get('return') ?? '/', state });
  if (twoFactor) wanted.set('two_factor', '1');
  return { entrance, twoFactor, address: `/enter?${wanted.toString()}` };
}
