// Measures inference of an ONNX file by ONNX Runtime, as compare.py asks for it.
//
//   node onnxruntime_node.js <folder with node_modules/onnxruntime-node> <file> <threads> <extents, as 1,3,224,224>
//
// Prints its version; then reads a number of seconds a line, runs for as long after a warm-up of a fifth of it, and prints the runs a second.
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
  const runs = async (seconds) => {
    let count = 0;
    const start = process.hrtime.bigint();
    do { await run(); ++count; } while (Number(process.hrtime.bigint() - start) < 1e9 * seconds);
    return count / (Number(process.hrtime.bigint() - start) / 1e9);
  };
  console.log(`${version}, float, node ${process.versions.node}`);
  for await (const line of require('readline').createInterface({ input: process.stdin })) {
    await runs(Number(line) / 5);
    console.log(await runs(Number(line)));
  }
}
main().catch((error) => { console.error(String(error)); process.exit(1); });
