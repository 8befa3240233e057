// Advice on a password while it is typed. The box decides what it accepts; this only helps to choose well.
export interface Advice {
  score: 0 | 1 | 2 | 3 | 4;
  reason?: 'short' | 'repeats' | 'common' | 'name';
}

const common = ['password', 'passwort', 'qwerty', 'letmein', 'welcome', 'admin', 'hearth', 'iloveyou', 'dragon', 'woaini', 'abc123', 'secret'];

/** How many guesses it withstands, roughly, in bits: characters that repeat or follow one another count little. */
function bits(password: string): number {
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(password)).length;
  const perCharacter = 2.2 + 0.5 * kinds;
  let worth = 0;
  let before = -1;
  let step = Number.NaN;
  for (const character of password) {
    const code = character.codePointAt(0) ?? 0;
    const now = code - before;
    const predictable = now === 0 || (now === step && Math.abs(now) === 1);
    const ideograph = code >= 0x3400;
    worth += predictable ? 0.4 : ideograph ? 7 : perCharacter;
    step = now;
    before = code;
  }
  return worth;
}

export function adviceOn(password: string, names: readonly string[] = []): Advice {
  const lower = password.toLowerCase();
  if (common.some((word) => lower.includes(word) && password.length < word.length + 6)) return { score: 0, reason: 'common' };
  if ([...password].length < 10) return { score: bits(password) < 18 ? 0 : 1, reason: 'short' };
  const strength = bits(password);
  const score = strength < 24 ? 1 : strength < 36 ? 2 : strength < 52 ? 3 : 4;
  if (names.some((name) => name.length >= 3 && lower.includes(name.toLowerCase()))) {
    return { score: Math.min(score, 2) as Advice['score'], reason: 'name' };
  }
  if (score < 3 && /(.)\1\1|0123|1234|2345|3456|4567|5678|6789|abcd/.test(lower)) return { score, reason: 'repeats' };
  return { score };
}
