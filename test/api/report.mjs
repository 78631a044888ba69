import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

// Compares the public surface of the built package with the reports beside this file, one per entry point.
// With --update it writes them anew: that is how a change of the surface is made on purpose.

const root = fileURLToPath(new URL('../..', import.meta.url));
const reports = fileURLToPath(new URL('.', import.meta.url));
const scratch = `${root}/node_modules/.cache/api`;
mkdirSync(scratch, { recursive: true });

const entryPoints = { 'nestjs-layercache': 'index', 'nestjs-layercache-testing': 'testing/index' };
const update = process.argv.includes('--update');
let changed = false;

for (const [name, file] of Object.entries(entryPoints)) {
  const result = Extractor.invoke(configFor(name, file), { localBuild: update, showVerboseMessages: false });
  if (!result.succeeded) changed = true;
}

if (changed) {
  process.stderr.write(`The public API differs from test/api/*.api.md. If that is meant: npm run api:update\n`);
  process.exitCode = 1;
}

function configFor(name, file) {
  return ExtractorConfig.prepare({
    packageJsonFullPath: `${root}/package.json`,
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: `${root}/dist/esm/${file}.d.ts`,
      compiler: { tsconfigFilePath: `${root}/tsconfig.build.json` },
      apiReport: { enabled: true, reportFileName: name, reportFolder: reports, reportTempFolder: scratch },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Warning } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Warning },
          // Both are checked by the documentation build, which knows all entry points at once.
          'ae-forgotten-export': { logLevel: ExtractorLogLevel.None },
          'ae-undocumented': { logLevel: ExtractorLogLevel.None },
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  });
}
