/** What can go wrong. */
export const FAULT_KINDS = [
  'cut data',
  'cut channel',
  'deafen data',
  'deafen channel',
  'isolate',
  'stall',
  'pause',
  'crash',
  'close',
  'evict',
  'flush',
  'failover',
  'restart',
  'depose',
  'fill',
  'refuse',
  'lose messages',
  'muddle messages',
  'slow network',
  'source fails',
  'make room',
  'forget',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  readonly at: number;
  readonly kind: FaultKind;
  /** Whom it befalls, where it befalls one process. */
  readonly slot: number;
  /** How long it lasts, where it lasts. */
  readonly ms: number;
  /** From 0 up to 1: decides what else there is to decide. */
  readonly draw: number;
  /** Nobody is told. */
  readonly isSilent: boolean;
}
