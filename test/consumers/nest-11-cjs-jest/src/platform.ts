import { ExpressAdapter } from '@nestjs/platform-express';

export const platform = (): ExpressAdapter => new ExpressAdapter();
