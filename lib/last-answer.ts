/**
 * A function of a text that remembers its last answer: who sets up many associations asks the same
 * of the same addresses again and again, and `net.BlockList` and its like take long.
 */
export function rememberingLast<Answer>(of: (text: string) => Answer): (text: string) => Answer {
  let last: { text: string; answer: Answer } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, answer: of(text) };
    return last.answer;
  };
}
