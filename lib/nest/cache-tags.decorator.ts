import type { ResultTagsMethodDecorator, TagFunction, TagsMethodDecorator, TagSource } from './decorator-types.js';
import { declare } from './method-declaration.js';

/**
 * Names the data that a `@Cached` method's results are made of: invalidating one of the names ends them. A function makes
 * names from the arguments; undefined and an empty list stand for none.
 */
export function CacheTags<Sources extends readonly TagSource[]>(
  ...tags: Sources
): TagsMethodDecorator<Sources[number]> {
  return (prototype, method) => {
    declare('@CacheTags', prototype, method).tags.push(...tags);
  };
}

/** The same from the result, which comes first, before the arguments. */
CacheTags.ofResult = <Fn extends TagFunction>(tags: Fn): ResultTagsMethodDecorator<Fn> => {
  return (prototype, method) => {
    declare('@CacheTags.ofResult', prototype, method).resultTags.push(tags);
  };
};
