/** True only for the very same type, `any` and `unknown` told apart. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Does not compile unless the types are equal. */
export function expectType<Equality extends true>(): void {
  void (0 as unknown as Equality);
}
