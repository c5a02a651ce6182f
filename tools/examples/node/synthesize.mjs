// From a CSV file to synthetic rows, through the gRPC API:
//   node synthesize.mjs --server http://localhost:5080 --key admin.key customers.csv synthetic.csv
// With --web the same calls travel as gRPC-Web over HTTP/1.1, as from a browser; the upload then goes by chunks.
import { createHash, randomUUID } from "node:crypto";
import { createWriteStream, readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { DatasetService, DatasetState } from "./generated/synthstudio/v1/datasets_pb.js";
import { GeneratorService } from "./generated/synthstudio/v1/generators_pb.js";
import { JobService } from "./generated/synthstudio/v1/jobs_pb.js";
import { ProjectService } from "./generated/synthstudio/v1/projects_pb.js";
import { SyntheticDatasetService } from "./generated/synthstudio/v1/synthetic_datasets_pb.js";
import { UploadService } from "./generated/synthstudio/v1/uploads_pb.js";

const chunkSize = 256 * 1024;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    server: { type: "string", default: "http://localhost:5080" },
    key: { type: "string" },
    web: { type: "boolean", default: false },
    rows: { type: "string", default: "1000" },
    "max-time": { type: "string", default: "60" },
  },
});
const [data, out] = positionals;

const authorize = (next) => (request) => {
  request.header.set("authorization", `Bearer ${readFileSync(options.key, "utf8").trim()}`);
  return next(request);
};
const settings = { baseUrl: options.server, interceptors: [authorize] };
const transport = options.web ? createGrpcWebTransport({ ...settings, httpVersion: "1.1" }) : createGrpcTransport(settings);
const client = (service) => createClient(service, transport);

async function upload(project) {
  const uploads = client(UploadService);
  const { name } = await uploads.createUpload({ parent: project, upload: { fileName: basename(data) }, requestId: randomUUID() });
  const content = readFileSync(data);
  const sha256 = createHash("sha256").update(content).digest("hex");
  if (options.web) {
    for (let offset = 0; offset < content.length; offset += chunkSize) {
      const body = { contentType: "application/octet-stream", data: content.subarray(offset, offset + chunkSize) };
      await uploads.uploadChunk({ name, offset: BigInt(offset), body });
    }
    return uploads.completeUpload({ name, sha256, requestId: randomUUID() });
  }
  async function* chunks() {
    for (let offset = 0; offset < content.length; offset += chunkSize) {
      yield { name, offset: BigInt(offset), data: content.subarray(offset, offset + chunkSize) };
    }
    yield { name, offset: BigInt(content.length), finish: true, sha256 };
  }
  return (await uploads.writeUpload(chunks())).dataset;
}

async function follow(events) {
  for await (const event of events) {
    if (!event.heartbeat) {
      const loss = event.metrics.validation_loss;
      console.log(`${(100 * event.fraction).toFixed(1).padStart(5)}% ${event.step}${loss === undefined ? "" : ` loss ${loss.toFixed(4)}`}`);
    }
  }
}

const { name: project } = await client(ProjectService).createProject({ project: { displayName: basename(data) }, requestId: randomUUID() });
const uploaded = await upload(project);
await follow(client(JobService).watchJob({ name: uploaded.job }));
const dataset = await client(DatasetService).getDataset({ name: uploaded.name });
if (dataset.state !== DatasetState.READY) {
  console.error(`${dataset.error?.reason}: ${dataset.error?.message}`);
  process.exit(1);
}

const generators = client(GeneratorService);
const generator = await generators.createGenerator({
  parent: project,
  requestId: randomUUID(),
  generator: { dataset: dataset.name, method: "autoregressive", maxTime: { seconds: BigInt(options["max-time"]) } },
});
await generators.trainGenerator({ name: generator.name, requestId: randomUUID() });
await follow(generators.watchGenerator({ name: generator.name }));

const synthetic = client(SyntheticDatasetService);
const drawn = await synthetic.createSyntheticDataset({
  parent: project,
  requestId: randomUUID(),
  syntheticDataset: { generator: generator.name, rows: BigInt(options.rows) },
});
const file = createWriteStream(out);
for await (const message of synthetic.streamRows({ name: drawn.name })) {
  file.write(message.csv);
}
await new Promise((resolve) => file.end(resolve));
console.log(`${options.rows} rows in ${out}`);
