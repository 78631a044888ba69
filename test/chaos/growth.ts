import type { Footprint } from '../redis/processes/footprint.js';

/** What one process held at one moment of the campaign. */
export interface Sight extends Footprint {
  readonly by: string;
  /** Minutes since the campaign began. */
  readonly at: number;
}

/** What is watched, and by how much its straight line may rise over the whole time: per hour, and for the noise of measuring. */
const WATCHED = [
  { what: 'heap', perHour: 2 ** 20, noise: 2 ** 20 },
  { what: 'handles', perHour: 0, noise: 2 },
  { what: 'timers', perHour: 0, noise: 8 },
  { what: 'listeners', perHour: 0, noise: 12 },
] as const;
/** Fewer sights than this say nothing, and what came before this share of the time is the warm-up. */
const LEAST_SIGHTS = 5;
const WARM_UP = 0.2;
/** Whoever grows rises by more than chance explains. */
const CERTAINTY = 3;

export interface Trend {
  /** By how much it rose over the sights, along the line that fits them best. */
  readonly rise: number;
  /** What chance alone may make of that. */
  readonly error: number;
}

/** Of the straight line that fits best. */
export function trendOf(points: readonly (readonly [at: number, value: number])[]): Trend {
  const n = points.length;
  const mean = (of: (point: readonly [number, number]) => number): number =>
    points.reduce((sum, one) => sum + of(one), 0) / n;
  const [middle, level] = [mean(([at]) => at), mean(([, value]) => value)];
  const spread = points.reduce((sum, [at]) => sum + (at - middle) ** 2, 0);
  if (n < 3 || spread === 0) return { rise: 0, error: Number.POSITIVE_INFINITY };
  const slope = points.reduce((sum, [at, value]) => sum + (at - middle) * (value - level), 0) / spread;
  const rest = points.reduce((sum, [at, value]) => sum + (value - level - slope * (at - middle)) ** 2, 0);
  const span = Math.max(...points.map(([at]) => at)) - Math.min(...points.map(([at]) => at));
  return { rise: slope * span, error: Math.sqrt(rest / (n - 2) / spread) * span };
}

export interface Growth {
  readonly by: string;
  readonly what: string;
  readonly trend: Trend;
  readonly isGrowing: boolean;
}

/** Whether processes that lived long enough hold more and more. */
export function growthOf(sights: readonly Sight[]): readonly Growth[] {
  const end = Math.max(...sights.map(({ at }) => at));
  const names = [...new Set(sights.map(({ by }) => by))];
  return names.flatMap((by) => {
    const ofOne = sights.filter((sight) => sight.by === by);
    const born = Math.min(...ofOne.map(({ at }) => at));
    const warm = ofOne.filter(({ at }) => at >= born + WARM_UP * (end - born));
    if (warm.length < LEAST_SIGHTS) return [];
    const hours = ((warm.at(-1)?.at ?? 0) - (warm[0]?.at ?? 0)) / 60;
    return WATCHED.map(({ what, perHour, noise }): Growth => {
      const trend = trendOf(warm.map((sight) => [sight.at, sight[what]] as const));
      const isGrowing = trend.rise > noise + perHour * hours && trend.rise > CERTAINTY * trend.error;
      return { by, what, trend, isGrowing };
    });
  });
}
