/** An instance of a class, with private state. */
export class Account {
  readonly #balance: number;
  owner = 'Ann';
  constructor(balance: number) {
    this.#balance = balance;
  }
  get balance(): number {
    return this.#balance;
  }
}
