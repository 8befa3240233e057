// Who a principal is, by the name that people know: of a token or of a person. Read once by the screen that shows them.
import { api } from '$lib/api.gen';
import type { Token } from '$lib/types';
import { oneLine } from '$lib/ui/text';

/** "app:01m8peadn57…" → "app:01m8pe…", for a principal that nobody has a name for. */
export function shortPrincipal(principal: string): string {
  return principal.replace(/^([a-z]+:[^:]{6})[^:]{4,}$/, '$1…');
}

export class Names {
  tokens = $state.raw<readonly Token[]>([]);
  #names = $state.raw<ReadonlyMap<string, string>>(new Map());

  /** Reads them; what cannot be read is shown by its id. */
  async load(): Promise<void> {
    const [tokens, people] = await Promise.all([
      api.identity.tokens({}).then((answer) => answer.tokens, () => []),
      api.identity.people({}).then((answer) => answer.people, () => []),
    ]);
    this.tokens = tokens;
    this.#names = new Map([
      ...people.map((person) => [`person:${person.id}`, oneLine(person.display_name)] as const),
      ...tokens.map((token) => [token.principal, oneLine(token.name)] as const),
    ]);
  }

  nameOf(principal: string): string {
    return this.#names.get(principal) || shortPrincipal(principal);
  }

  /** Every principal that has a name, with it. */
  get known(): [string, string][] {
    return [...this.#names];
  }

  /** The principal that a person means by a text: one with this name, or what it says. */
  meant(text: string): string {
    const wanted = text.trim();
    const named = this.known.find(([, name]) => name.toLowerCase() === wanted.toLowerCase());
    return named?.[0] ?? wanted;
  }
}
