/** A list of so many cells, each within the one before. */
export const nested = (depth: number): { next?: unknown } => {
  let value: { next?: unknown } = {};
  for (let level = 0; level < depth; level++) value = { next: value };
  return value;
};
