/** How long something takes, and what it gives. */
export async function timed<T>(task: () => Promise<T>): Promise<{ readonly ms: number; readonly result: T }> {
  const began = performance.now();
  const result = await task();
  return { ms: performance.now() - began, result };
}

export function pause(ms: number): Promise<void> {
  return new Promise((over) => setTimeout(over, ms));
}
