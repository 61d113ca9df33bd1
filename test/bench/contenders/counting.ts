/** Where bytes have no boundaries: calls for each `size` of them. */
export function counting(
  size: number,
  onMessage: (length: number) => void,
): (data: Buffer) => void {
  let open = 0;
  return ({ length }) => {
    for (open += length; size > 0 && open >= size; open -= size) onMessage(size);
  };
}
