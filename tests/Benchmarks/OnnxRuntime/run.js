// SPDX-License-Identifier: Apache-2.0
// node run.js MODEL INPUT OUTPUT THREADS REPEATS DIMENSION...: seconds of every run but the first, one JSON array on standard output.
"use strict";
const fs = require("fs");
const ort = require("onnxruntime-node");

async function main() {
  const [model, input, output, threads, repeats, ...dimensions] = process.argv.slice(2);
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ["cpu"],
    graphOptimizationLevel: "all",
    executionMode: "sequential",
    intraOpNumThreads: Number(threads),
    interOpNumThreads: 1,
  });
  const codes = new ort.Tensor("uint8", new Uint8Array(fs.readFileSync(input)), dimensions.map(Number));
  const seconds = [];
  let result;
  for (let run = 0; run <= Number(repeats); run++) {
    const start = process.hrtime.bigint();
    result = await session.run({ [session.inputNames[0]]: codes });
    seconds.push(Number(process.hrtime.bigint() - start) / 1e9);
  }
  fs.writeFileSync(output, result[session.outputNames[0]].data);
  process.stdout.write(JSON.stringify(seconds.slice(1)) + "\n");
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
