import { isObservable, Observable, Subscription } from 'rxjs';

/** A call as an Observable: subscribing is the call. */
export function observeCall(answer: () => Promise<unknown>): Observable<unknown> {
  return new Observable((reader) => {
    const reading = new Subscription();
    answer().then(
      (result) => {
        // Subscribed to also when its reader has left, so that it is told so, and ends what it began.
        if (isObservable(result)) reading.add(result.subscribe(reader));
        else {
          reader.next(result);
          reader.complete();
        }
      },
      (error: unknown) => reader.error(error),
    );
    return reading;
  });
}
