import {
  Controller,
  createParamDecorator,
  type ExecutionContext,
  Get,
  Headers,
  HostParam,
  Inject,
  Injectable,
  Ip,
  type PipeTransform,
  Query,
  Scope,
  UseInterceptors,
  VersioningType,
} from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { expect, it } from '@jest/globals';
import { LayerCacheInterceptor } from '../../../lib/index.js';
import { onBothPlatforms, type RunningApp } from '../../support/http-platforms.js';

interface AnyRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
}

const Tenant = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<AnyRequest>().headers['x-tenant'],
);

@Injectable({ scope: Scope.REQUEST })
class TenantPipe implements PipeTransform {
  constructor(@Inject(REQUEST) readonly request: AnyRequest) {}

  transform(): string | undefined {
    return this.request.headers['x-tenant'];
  }
}

@Controller()
@UseInterceptors(LayerCacheInterceptor)
class InputsController {
  @Get('named')
  named(@Headers('x-tenant') tenant: string): string {
    return tenant;
  }

  @Get('custom')
  custom(@Tenant() tenant: string): string {
    return tenant;
  }

  @Get('piped')
  piped(@Query('any', TenantPipe) tenant: string): string {
    return tenant;
  }

  @Get('ip')
  ip(@Ip() ip: string): string {
    return ip;
  }
}

@Controller({ path: 'hosts', host: ':tenant.example.com' })
@UseInterceptors(LayerCacheInterceptor)
class HostsController {
  @Get()
  find(@HostParam('tenant') tenant: string): string {
    return tenant;
  }
}

@Controller({ path: 'scoped', scope: Scope.REQUEST })
@UseInterceptors(LayerCacheInterceptor)
class ScopedController {
  constructor(@Inject(REQUEST) readonly request: AnyRequest) {}

  @Get()
  find(): string | undefined {
    return this.request.headers['x-tenant'];
  }
}

/** Two classes of one name, as they come to be when a version is copied to a folder of its own. */
const [FirstVersion, SecondVersion] = ['1', '2'].map((version) => {
  @Controller({ path: 'versions', version })
  @UseInterceptors(LayerCacheInterceptor)
  class VersionsController {
    @Get()
    find(): string {
      return `version ${version}`;
    }
  }
  return VersionsController;
}) as [new () => object, new () => object];

async function textsOf(app: RunningApp, path: string, headers: readonly Record<string, string>[]): Promise<string[]> {
  const texts: string[] = [];
  for (const one of headers) texts.push((await app.ask(path, { headers: one })).text);
  return texts;
}

const A_B_A = [{ 'x-tenant': 'a' }, { 'x-tenant': 'b' }, { 'x-tenant': 'a' }];

onBothPlatforms('LayerCacheInterceptor', (start) => {
  it.each([
    ['a header that the handler names', '/named'],
    ['what a custom decorator finds', '/custom'],
    ['what a pipe of the request makes', '/piped'],
  ])('never gives a reply to another that depends on %s', async (_what, path) => {
    const app = await start({ controllers: [InputsController], providers: [TenantPipe] });
    expect(await textsOf(app, path, A_B_A)).toEqual(['a', 'b', 'a']);
  });

  it('never gives a reply to another that depends on the address of the client', async () => {
    const app = await start({ controllers: [InputsController], trustProxy: true });
    const clients = ['10.0.0.1', '10.0.0.2'].map((ip) => ({ 'x-forwarded-for': ip }));
    expect(await textsOf(app, '/ip', clients)).toEqual(['10.0.0.1', '10.0.0.2']);
  });

  it('never gives a reply to another that depends on a request-scoped controller', async () => {
    const app = await start({ controllers: [ScopedController] });
    expect(await textsOf(app, '/scoped', A_B_A)).toEqual(['a', 'b', 'a']);
  });

  it('keeps hosts apart as the application sees them, behind a proxy too', async () => {
    const app = await start({ controllers: [HostsController], trustProxy: true });
    const hosts = ['a', 'b'].map((name) => ({ 'x-forwarded-host': `${name}.example.com` }));
    expect(await textsOf(app, '/hosts', hosts)).toEqual(['a', 'b']);
  });

  it('keeps versions apart of one path by classes of one name', async () => {
    const app = await start({
      controllers: [FirstVersion, SecondVersion],
      setUp: (one) => one.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' }),
    });
    const versions = ['1', '2', '1'].map((version) => ({ 'x-version': version }));
    expect(await textsOf(app, '/versions', versions)).toEqual(['version 1', 'version 2', 'version 1']);
  });
});
