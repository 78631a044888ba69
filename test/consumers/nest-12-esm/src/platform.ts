import { FastifyAdapter } from '@nestjs/platform-fastify';

export const platform = (): FastifyAdapter => new FastifyAdapter();
