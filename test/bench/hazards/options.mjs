/** So long lives what a hazard would have to outlive. */
export const HOUR = { ttl: 3_600_000 };
