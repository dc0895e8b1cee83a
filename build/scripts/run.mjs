// The one door to the project's scripts: `node build/scripts/run.mjs NAME [ARGS]`. Plain JavaScript that an old Node can
// parse, so that it gets one clear line instead of a syntax error. Each script is `NAME.ts` with `main(args)`.

const NAMES = [
  'build',
  'check',
  'guard',
  'package',
  'start',
  'start-test-electron',
  'test',
  'typecheck',
];

const [name = '', ...args] = process.argv.slice(2);
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `countersign: needs Node 24 or newer, this is ${process.version}: run npm ci, or install Node 24\n`,
  );
  process.exitCode = 78;
} else if (name === 'guard') {
  process.exitCode = 0;
} else if (NAMES.includes(name)) {
  const script = await import(`./${name}.ts`);
  process.exitCode = await script.main(args);
} else {
  process.stderr.write(`countersign: no script named "${name}": ${NAMES.join(', ')}\n`);
  process.exitCode = 64;
}
