// ONNX Runtime on the files of tests/io/onnx_exchange.cpp.
//
//     node onnx_exchange.cjs FOLDER
//
// For each NAME.onnx of the folder: its outputs for the samples NAME.input, of the extents NAME.sample, all at once and the first
// alone, must be NAME.output to 1e-5 of its largest number, or of 1 where that is more. onnxruntime-node, else onnxruntime-web, is looked
// for in node_modules of the folder LAMINA_ONNXRUNTIME and among node's own. Ends with 77 where there is none.
"use strict";
const fs = require("fs");
const path = require("path");
const { createRequire } = require("module");

function find() {
  const folders = [process.env.LAMINA_ONNXRUNTIME, path.resolve(path.dirname(process.execPath), "../lib"), "/usr/local/lib"];
  const failures = [];
  for (const folder of folders.filter(Boolean))
    for (const name of ["onnxruntime-node", "onnxruntime-web"])
      try {
        return [name, createRequire(path.resolve(folder) + "/")(name)];
      } catch (error) {
        failures.push(String(error).split("\n")[0]);
      }
  console.log(failures.join("\n"));
  process.exit(77);
}

function floats(file) {
  const bytes = fs.readFileSync(file);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

async function main() {
  const [name, runtime] = find();
  if (name === "onnxruntime-web") runtime.env.wasm.numThreads = 1;
  const folder = process.argv[2];
  const networks = fs.readdirSync(folder).filter((file) => file.endsWith(".onnx")).sort();
  if (networks.length === 0) throw new Error("no networks in " + folder);
  let worst = 0;
  for (const network of networks) {
    const stem = path.join(folder, network.slice(0, -".onnx".length));
    const bytes = new Uint8Array(fs.readFileSync(stem + ".onnx"));
    const session = await runtime.InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 });
    const sample = JSON.parse(fs.readFileSync(stem + ".sample"));
    const x = floats(stem + ".input"), y = floats(stem + ".output");
    const numbers = sample.reduce((a, b) => a * b, 1), N = x.length / numbers;
    const largest = y.reduce((a, b) => Math.max(a, Math.abs(b)), 1);
    for (const n of [N, 1]) {
      const input = new runtime.Tensor("float32", x.slice(0, n * numbers), [n, ...sample]);
      const { output } = await session.run({ input });
      if (output.data.length !== (y.length / N) * n) throw new Error(network + ": an output of " + output.dims);
      const error = output.data.reduce((a, b, i) => Math.max(a, Math.abs(b - y[i]) / largest), 0);
      if (!(error <= 1e-5)) throw new Error(network + ": " + n + " samples differ by " + error);
      worst = Math.max(worst, error);
    }
    await session.release();
  }
  console.log(networks.length, "networks in", name, runtime.env.versions?.[name.slice(12)] + "; largest difference:", worst);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
