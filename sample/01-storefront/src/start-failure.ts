import { DataFolderInUseError } from './database/data-folder.js';
import { DatabaseUnreachableError } from './database/postgres.database.js';
import { SettingError } from './settings.js';

/** Why the storefront could not start: in one line that says the cure, where one is known. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ([SettingError, DataFolderInUseError, DatabaseUnreachableError].some((known) => error instanceof known)) {
    return error.message;
  }
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE') return `port ${port} is in use. Choose another one: PORT=${Number(port) + 1} npm start`;
  return String(error.stack);
}
