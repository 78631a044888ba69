/** How many different replies the route has. */
export const REPLIES = 1_000;

export function pathOf(index) {
  return `/users/${index % REPLIES}`;
}
