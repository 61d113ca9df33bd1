/** Expects a call to throw an error with these fields. */
export function expectThrow(call: () => unknown, fields: object): void {
  let thrown: unknown;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject(fields);
}
