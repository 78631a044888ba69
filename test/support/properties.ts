import fc from 'fast-check';

const SEED = process.env['PROPERTY_SEED'] ?? '20261120';

// A suite that draws new values on each run is red on a day when nothing changed. New ones are drawn with PROPERTY_SEED=random.
if (SEED !== 'random') fc.configureGlobal({ seed: Number(SEED) });

export default fc;
