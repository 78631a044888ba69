/** What every test run has to have met with, or it says less than it seems to. */
export const SIGHTS: readonly string[] = [];
