import { pause, resolvers } from './time.mjs';

const NAMES = ['first', 'second', 'third'];

/** What the source holds under one key: a value that changes, and those who read it. */
export class Row {
  loads = 0;
  #version = 0;

  get value() {
    return `the-${NAMES[this.#version]}-value`;
  }

  /** The value before the last change. */
  get old() {
    return `the-${NAMES[this.#version - 1]}-value`;
  }

  change() {
    this.#version += 1;
  }

  load = async () => {
    this.loads += 1;
    const { value } = this;
    await pause(2);
    return value;
  };

  /** A load that has read the source once `begun` resolves, and ends when it is told to. */
  slowLoad({ read = () => this.value, tags = [] } = {}) {
    const begun = resolvers();
    const ended = resolvers();
    return {
      begun: begun.promise,
      end: ended.resolve,
      load: async ({ tag }) => {
        const value = read();
        begun.resolve();
        await ended.promise;
        if (tags.length > 0) tag(...tags);
        return value;
      },
    };
  }
}
