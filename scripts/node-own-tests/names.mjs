/** Whether a test is one of those asked for: by its name, or by the beginning of names; all if by none. */
export function isAsked(name, asked) {
  return (
    asked.length === 0 ||
    asked.some((one) => name === one || (one.endsWith('-') && name.startsWith(one)))
  );
}
