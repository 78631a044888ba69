import { Injectable } from '@nestjs/common';
import { EMPTY, firstValueFrom, lastValueFrom, Observable, of, Subject, throwError, toArray } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import { Cached, CacheTags, InvalidateTags } from '../../lib/index.js';
import { start } from '../support/applications.js';
import { settle } from '../support/source.js';

@Injectable()
class Users {
  loads = 0;
  updates = 0;
  source: Observable<unknown> = of('written');

  @Cached()
  @CacheTags('users')
  find(): Promise<number> {
    return Promise.resolve(++this.loads);
  }

  @InvalidateTags('users')
  update(): Observable<unknown> {
    this.updates++;
    return this.source;
  }

  @InvalidateTags.ofResult((last: unknown) => String(last))
  updateBy(): Observable<unknown> {
    return this.source;
  }

  @InvalidateTags('users')
  undeclared() {
    return this.source;
  }

  @InvalidateTags(() => {
    throw new Error('no tags');
  })
  broken(): Observable<unknown> {
    this.updates++;
    return this.source;
  }
}

async function startUsers(source?: Observable<unknown>) {
  const started = await start({ providers: [Users] });
  const users = started.app.get(Users);
  if (source !== undefined) users.source = source;
  await users.find();
  return { ...started, users };
}

describe('An Observable with @InvalidateTags', () => {
  it('runs the method when it is subscribed to', async () => {
    const { users } = await startUsers();
    const updated = users.update();
    expect(users.updates).toBe(0);
    await lastValueFrom(updated);
    expect(users.updates).toBe(1);
  });

  it('completes after the invalidation', async () => {
    const { users } = await startUsers();
    expect(await lastValueFrom(users.update().pipe(toArray()))).toEqual(['written']);
    expect(await users.find()).toBe(2);
  });

  it('has invalidated when firstValueFrom resolves', async () => {
    const { users } = await startUsers();
    expect(await firstValueFrom(users.update())).toBe('written');
    expect(await users.find()).toBe(2);
  });

  it('has invalidated when firstValueFrom resolves, also where the value comes later', async () => {
    const values = new Subject<unknown>();
    const { users } = await startUsers(values);
    const updated = firstValueFrom(users.update());
    await settle();
    values.next('written');
    values.complete();
    expect(await updated).toBe('written');
    await settle();
    expect(await users.find()).toBe(2);
  });

  it('invalidates also when it emits nothing', async () => {
    const { users } = await startUsers(EMPTY);
    await lastValueFrom(users.update(), { defaultValue: undefined });
    expect(await users.find()).toBe(2);
  });

  it('invalidates nothing when it fails, and hands the error on', async () => {
    const failure = new Error('not written');
    const { users } = await startUsers(throwError(() => failure));
    await expect(lastValueFrom(users.update())).rejects.toBe(failure);
    expect(await users.find()).toBe(1);
  });

  it('makes tags from its last value', async () => {
    const { users } = await startUsers(of('nobody', 'users'));
    await lastValueFrom(users.updateBy());
    expect(await users.find()).toBe(2);
  });

  it('emits what its source emits, when it does', async () => {
    const values = new Subject<unknown>();
    const { users } = await startUsers(values);
    const heard: unknown[] = [];
    users.update().subscribe((value) => heard.push(value));
    await settle();
    values.next('a');
    values.next('b');
    await settle();
    expect(heard.slice(0, 1)).toEqual(['a']);
    values.complete();
    await settle();
    expect(heard).toEqual(['a', 'b']);
    expect(await users.find()).toBe(2);
  });

  it('fails without running the method where a tag function throws', async () => {
    const { users } = await startUsers();
    await expect(lastValueFrom(users.broken())).rejects.toThrow('no tags');
    expect(users.updates).toBe(0);
  });

  it('comes as a promise where the return type is not written, and the log says so', async () => {
    const { users, logger } = await startUsers();
    await lastValueFrom(await (users.undeclared() as unknown as Promise<Observable<unknown>>));
    expect(await users.find()).toBe(2);
    expect(logger.of('warn')).toEqual([expect.stringContaining('Users.undeclared returns an Observable')]);
  });
});
