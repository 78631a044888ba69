/** Runs SQL; the parameters are `$1`, `$2`, and so on. */
export interface Queries {
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

/** A PostgreSQL, wherever it runs. */
export abstract class Database implements Queries {
  #queries = 0;

  /** How many statements were run so far. */
  get queries(): number {
    return this.#queries;
  }

  query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    this.#queries++;
    return this.run(sql, parameters);
  }

  /** All that `work` does is done, or nothing of it if it throws. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.runTogether((queries) =>
      work({
        query: <Row>(sql: string, parameters: readonly unknown[] = []) => {
          this.#queries++;
          return queries.query<Row>(sql, parameters);
        },
      }),
    );
  }

  abstract close(): Promise<void>;
  protected abstract run<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]>;
  protected abstract runTogether<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
}
