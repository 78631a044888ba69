const RealDate = Date;
const realNow = Date.now.bind(Date);
let shift = 0;

class MovedDate extends RealDate {
  constructor(...given: readonly unknown[]) {
    super(...((given.length === 0 ? [realNow() + shift] : given) as [number]));
  }

  static override now(): number {
    return realNow() + shift;
  }
}

/** Moves what this process takes for the time of day, as somebody may who sets the clock of the machine. */
export function moveWallClock(ms: number): void {
  shift = ms;
  globalThis.Date = MovedDate as DateConstructor;
}
