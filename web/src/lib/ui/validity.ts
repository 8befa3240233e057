// What a field says about a text that its `pattern` does not take, in the language of the desktop: the browser's own words tell
// nobody what is allowed.

/** For `{@attach …}`: the sentence that says what is allowed. */
export function allowing(sentence: () => string): (field: HTMLInputElement) => () => void {
  return (field) => {
    const look = () => {
      field.setCustomValidity('');
      if (field.validity.patternMismatch) field.setCustomValidity(sentence());
    };
    look();
    field.addEventListener('input', look);
    return () => field.removeEventListener('input', look);
  };
}
