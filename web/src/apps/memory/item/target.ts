// Which place of an item is meant: the passage that was found, its sentence, or the words that were looked for.
export interface Target {
  passage?: string;
  sentence?: string;
  words?: string[];
}
