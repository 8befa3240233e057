// Passkeys: between the box's JSON (binary values in base64url) and the browser's credentials (WebAuthn Level 3, §5.1).
export const passkeysPossible = typeof PublicKeyCredential !== 'undefined' && isSecureContext;

export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export function toBase64url(bytes: ArrayBuffer): string {
  let binary = '';
  for (const byte of new Uint8Array(bytes)) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

interface Creation {
  challenge: string;
  host: string;
  user: string;
  name: string;
  display_name: string;
  algorithms: number[];
  exclude: string[];
}

/** Makes a passkey that can be found without a name and that checks its owner. Throws when the person declines. */
export async function makePasskey(creation: Creation): Promise<{ client_data: string; attestation: string }> {
  const credential = (await navigator.credentials.create({
    publicKey: {
      challenge: fromBase64url(creation.challenge),
      rp: { id: creation.host, name: 'Hearth' },
      user: { id: fromBase64url(creation.user), name: creation.name, displayName: creation.display_name },
      pubKeyCredParams: creation.algorithms.map((alg) => ({ type: 'public-key', alg })),
      excludeCredentials: creation.exclude.map((id) => ({ type: 'public-key', id: fromBase64url(id) })),
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      attestation: 'none',
    },
  })) as PublicKeyCredential;
  const response = credential.response as AuthenticatorAttestationResponse;
  return { client_data: toBase64url(response.clientDataJSON), attestation: toBase64url(response.attestationObject) };
}

interface Assertion {
  id: string;
  client_data: string;
  authenticator_data: string;
  signature: string;
  user?: string;
}

/** Proves with a passkey of the person's choice who they are. Throws when they decline. */
export async function usePasskey(request: { challenge: string; host: string }): Promise<Assertion> {
  const credential = (await navigator.credentials.get({
    publicKey: { challenge: fromBase64url(request.challenge), rpId: request.host, userVerification: 'required' },
  })) as PublicKeyCredential;
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    id: toBase64url(credential.rawId),
    client_data: toBase64url(response.clientDataJSON),
    authenticator_data: toBase64url(response.authenticatorData),
    signature: toBase64url(response.signature),
    ...(response.userHandle ? { user: toBase64url(response.userHandle) } : {}),
  };
}
