import { Observable } from 'rxjs';

/** Whether a type that a compiler emitted is rxjs's Observable or a class of it, also from another copy of the package. */
export function isObservableType(type: unknown): boolean {
  if (typeof type !== 'function') return false;
  return type === Observable || type.prototype instanceof Observable || type.name === 'Observable';
}
