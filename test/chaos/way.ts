/** What a way is like from now on. */
export type Weather =
  | { readonly is: 'slow'; readonly ms: number }
  | { readonly is: 'dripping' | 'mute' | 'deaf' | 'answerless' | 'cut' | 'well' };

/** Between one process and all servers that it may have to do with. */
export interface Way {
  /** Resolves when it is so. */
  become(weather: Weather): Promise<unknown>;
}
