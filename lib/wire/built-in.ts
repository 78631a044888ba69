import { classNameOf } from '../policy/isolation.js';

/** How many prototypes stand behind an object of a built-in class, where it is not two: its own and Object's. */
const ANCESTORS: Readonly<Record<string, number>> = { Buffer: 4 };
const ANCESTORS_OF_TYPED_ARRAYS = 3;

/** Whether an object is of the built-in class itself, in whichever realm, and not of one derived from it, whatever its name. */
export function isOfBuiltIn(value: object, name: string): boolean {
  return classNameOf(value) === name && hasAncestors(value, ancestorsOf(name));
}

function ancestorsOf(name: string): number {
  const isTypedArray = name.endsWith('Array') && name !== 'Array';
  return ANCESTORS[name] ?? (isTypedArray ? ANCESTORS_OF_TYPED_ARRAYS : 2);
}

function hasAncestors(value: object, count: number): boolean {
  let ancestor: unknown = Object.getPrototypeOf(value);
  for (let behind = 1; behind < count && ancestor !== null; behind++) ancestor = Object.getPrototypeOf(ancestor);
  return ancestor !== null && Object.getPrototypeOf(ancestor) === null;
}
