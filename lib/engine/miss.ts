import { ReentrantLoadError } from '../core/errors.js';
import { Flight } from './flight.js';
import { Load } from './load.js';
import type { LoadParts } from './load-parts.js';
import type { LoadRequest } from './load-request.js';

/** Loads what memory does not have: wait for a turn, load, make an entry, store it, answer. */
export class Miss {
  readonly #parts: LoadParts;

  constructor(parts: LoadParts) {
    this.#parts = parts;
  }

  /** Starts a load, and makes it the one that further callers of its key join. */
  fly(request: LoadRequest): Flight {
    const { chain, flights, admission } = this.#parts;
    const outer = chain.current();
    const { policy, old } = request;
    const tags = old === undefined ? policy.tags : [...policy.tags, ...old.tags];
    const flight = new Flight(request, admission.namesOf(request.key, tags), flights);
    if (outer !== undefined && request.place === 'before-callers') {
      refuseLoadWithinItself(flight, outer);
      flight.startWithin(outer);
    }
    // Before the loader runs, which may call the cache at once for this very key.
    flights.enter(flight);
    new Load(this.#parts, request, flight).takeTurn();
    return flight;
  }
}

/** A load that is not joined, because it is forced or its outer one is out of date, would start itself without end. */
function refuseLoadWithinItself(flight: Flight, outer: Flight): void {
  const names: string[] = [flight.name];
  for (const { key, name, cache } of outer.chain()) {
    names.unshift(name);
    if (key === flight.key && cache === flight.cache) throw new ReentrantLoadError(names);
  }
}
