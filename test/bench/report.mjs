/** Prints a result. */
export function report(text) {
  process.stdout.write(text);
}

/** Tells what is being done, beside the results. */
export function progress(text) {
  process.stderr.write(text);
}
