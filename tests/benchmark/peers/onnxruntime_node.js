// Measures inference of an ONNX file by ONNX Runtime, as compare.py asks for it.
//
//   node onnxruntime_node.js <folder with node_modules/onnxruntime-node> <file> <threads> <extents, as 1,3,224,224>
//
// Prints its version; then reads a number of seconds a line and prints the runs a second, measured as time_of of timing.hpp does.
const path = require('path');
const [folder, file, threads, extents] = process.argv.slice(2);
const { InferenceSession, Tensor } = require(path.resolve(folder, 'node_modules/onnxruntime-node'));
const { version } = require(path.resolve(folder, 'node_modules/onnxruntime-node/package.json'));

async function main() {
  const session = await InferenceSession.create(file, {
    intraOpNumThreads: Number(threads), interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all',
    freeDimensionOverrides: { N: Number(extents.split(',')[0]) } });
  const dims = extents.split(',').map(Number);
  const x = new Tensor('float32', Float32Array.from({ length: dims.reduce((a, b) => a * b) }, Math.random), dims);
  const run = () => session.run({ [session.inputNames[0]]: x });
  const since = (start) => Number(process.hrtime.bigint() - start) / 1e9;
  const rate = async (seconds) => {
    let runs = 0;
    const warmUp = process.hrtime.bigint();
    do { await run(); ++runs; } while (since(warmUp) < seconds / 5);
    const slice = Math.max(1, Math.floor(1e-3 * runs / since(warmUp)));
    const times = [];
    const begin = process.hrtime.bigint();
    do {
      const start = process.hrtime.bigint();
      for (let i = 0; i < slice; ++i) await run();
      times.push(since(start) / slice);
    } while (since(begin) < seconds);
    return 1 / times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  };
  console.log(`${version}, float, node ${process.versions.node}`);
  for await (const line of require('readline').createInterface({ input: process.stdin })) {
    console.log(await rate(Number(line)));
  }
}
main().catch((error) => { console.error(String(error)); process.exit(1); });
