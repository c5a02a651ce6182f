// From a CSV file to synthetic rows, through the gRPC API:
//   node dist/synthesize.js --server http://localhost:5080 --key admin.key customers.csv synthetic.csv
// With --web the same calls travel as gRPC-Web over HTTP/1.1, as from a browser; the upload then goes by chunks.
import { createHash, randomUUID } from "node:crypto";
import { createWriteStream, readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import type { DescService, MessageInitShape } from "@bufbuild/protobuf";
import { createClient, type Client, type Interceptor } from "@connectrpc/connect";
import { createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { DatasetService, DatasetState, type Dataset } from "./generated/synthstudio/v1/datasets_pb.js";
import { GeneratorService } from "./generated/synthstudio/v1/generators_pb.js";
import { JobService } from "./generated/synthstudio/v1/jobs_pb.js";
import type { ProgressEvent } from "./generated/synthstudio/v1/progress_pb.js";
import { ProjectService } from "./generated/synthstudio/v1/projects_pb.js";
import { SyntheticDatasetService } from "./generated/synthstudio/v1/synthetic_datasets_pb.js";
import { UploadService, WriteUploadRequestSchema } from "./generated/synthstudio/v1/uploads_pb.js";

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
const server = options.server ?? "";
const rows = BigInt(options.rows ?? "");
const maxTime = BigInt(options["max-time"] ?? "");
const [data, out] = positionals;
if (options.key === undefined || data === undefined || out === undefined) {
  console.error("Usage: synthesize.js --key FILE [--server URL] [--web] [--rows N] [--max-time SECONDS] DATA OUT");
  process.exit(2);
}

const key = readFileSync(options.key, "utf8").trim();
const authorize: Interceptor = (next) => (request) => {
  request.header.set("authorization", `Bearer ${key}`);
  return next(request);
};
const settings = { baseUrl: server, interceptors: [authorize] };
const transport = options.web ? createGrpcWebTransport({ ...settings, httpVersion: "1.1" }) : createGrpcTransport(settings);

function client<T extends DescService>(service: T): Client<T> {
  return createClient(service, transport);
}

async function upload(project: string, file: string): Promise<Dataset> {
  const uploads = client(UploadService);
  const { name } = await uploads.createUpload({ parent: project, upload: { fileName: basename(file) }, requestId: randomUUID() });
  const content = readFileSync(file);
  const sha256 = createHash("sha256").update(content).digest("hex");
  if (options.web) {
    for (let offset = 0; offset < content.length; offset += chunkSize) {
      const body = { contentType: "application/octet-stream", data: content.subarray(offset, offset + chunkSize) };
      await uploads.uploadChunk({ name, offset: BigInt(offset), body });
    }
    return uploads.completeUpload({ name, sha256, requestId: randomUUID() });
  }
  async function* chunks(): AsyncGenerator<MessageInitShape<typeof WriteUploadRequestSchema>> {
    for (let offset = 0; offset < content.length; offset += chunkSize) {
      yield { name, offset: BigInt(offset), data: content.subarray(offset, offset + chunkSize) };
    }
    yield { name, offset: BigInt(content.length), finish: true, sha256 };
  }
  const { dataset } = await uploads.writeUpload(chunks());
  if (dataset === undefined) throw new Error(`${name} was not completed.`);
  return dataset;
}

async function follow(events: AsyncIterable<ProgressEvent>): Promise<void> {
  for await (const event of events) {
    if (!event.heartbeat) {
      const loss = event.metrics["validation_loss"];
      console.log(`${(100 * event.fraction).toFixed(1).padStart(5)}% ${event.step}${loss === undefined ? "" : ` loss ${loss.toFixed(4)}`}`);
    }
  }
}

const { name: project } = await client(ProjectService).createProject({ project: { displayName: basename(data) }, requestId: randomUUID() });
const uploaded = await upload(project, data);
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
  generator: { dataset: dataset.name, method: "autoregressive", maxTime: { seconds: maxTime } },
});
await generators.trainGenerator({ name: generator.name, requestId: randomUUID() });
await follow(generators.watchGenerator({ name: generator.name }));

const synthetic = client(SyntheticDatasetService);
const drawn = await synthetic.createSyntheticDataset({
  parent: project,
  requestId: randomUUID(),
  syntheticDataset: { generator: generator.name, rows },
});
const file = createWriteStream(out);
for await (const message of synthetic.streamRows({ name: drawn.name })) {
  file.write(message.csv);
}
await new Promise<void>((resolve) => file.end(resolve));
console.log(`${rows} rows in ${out}`);
