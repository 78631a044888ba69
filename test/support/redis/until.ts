const PAUSE = 40;
/** A guard against hanging, shorter than that of a test, so that it is told what was waited for. */
const PATIENCE = 45_000;

/** What keeps servers from being as they are waited for; undefined once they are. */
export type Complaint = () => Promise<string | undefined>;

/** Asks again and again until nothing is left to complain of. */
export async function until(complaint: Complaint): Promise<void> {
  const last = await complaintAfter(complaint, PATIENCE);
  if (last !== undefined) throw new Error(`still, after ${PATIENCE} ms: ${last}`);
}

/** What is still complained of when the time is over; undefined as soon as there is nothing. */
export async function complaintAfter(complaint: Complaint, patience: number): Promise<string | undefined> {
  const end = performance.now() + patience;
  for (;;) {
    const last = await complaint().catch((error: unknown) => String(error));
    if (last === undefined || performance.now() >= end) return last;
    await new Promise((go) => setTimeout(go, PAUSE));
  }
}
