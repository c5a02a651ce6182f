#!/usr/bin/env python3
"""From a CSV file to synthetic rows, through the gRPC API.

    python3 synthesize.py --server localhost:5080 --key admin.key customers.csv synthetic.csv

Stubs are generated once from the protocol files (see README.md beside this file); they are looked for in ./generated.
"""
import argparse
import hashlib
import sys
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "generated"))
import grpc
from google.protobuf.duration_pb2 import Duration
from synthstudio.v1 import (datasets_pb2, datasets_pb2_grpc, generators_pb2, generators_pb2_grpc, jobs_pb2, jobs_pb2_grpc,
                            projects_pb2, projects_pb2_grpc, synthetic_datasets_pb2, synthetic_datasets_pb2_grpc,
                            uploads_pb2, uploads_pb2_grpc)

CHUNK = 256 * 1024


def upload(channel, credentials, project, path):
    """Uploads a file and answers the data set made from it."""
    uploads = uploads_pb2_grpc.UploadServiceStub(channel)
    target = uploads.CreateUpload(uploads_pb2.CreateUploadRequest(
        parent=project, upload=uploads_pb2.Upload(file_name=path.name), request_id=str(uuid.uuid4())), metadata=credentials)
    content = path.read_bytes()

    def chunks():
        for offset in range(0, len(content), CHUNK):
            yield uploads_pb2.WriteUploadRequest(name=target.name, offset=offset, data=content[offset:offset + CHUNK])
        yield uploads_pb2.WriteUploadRequest(
            name=target.name, offset=len(content), finish=True, sha256=hashlib.sha256(content).hexdigest())

    return uploads.WriteUpload(chunks(), metadata=credentials).dataset


def follow(events):
    """Prints progress until the job ends."""
    for event in events:
        if not event.heartbeat:
            loss = event.metrics.get("validation_loss")
            print(f"{event.fraction:6.1%} {event.step}" + (f" loss {loss:.4f}" if loss is not None else ""))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--server", default="localhost:5080")
    parser.add_argument("--key", type=Path, required=True, help="file that holds an API key")
    parser.add_argument("--max-time", type=int, default=60, help="training time in seconds")
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    credentials = [("authorization", "Bearer " + options.key.read_text().strip())]

    with grpc.insecure_channel(options.server) as channel:
        project = projects_pb2_grpc.ProjectServiceStub(channel).CreateProject(projects_pb2.CreateProjectRequest(
            project=projects_pb2.Project(display_name=options.data.stem), request_id=str(uuid.uuid4())), metadata=credentials).name
        dataset = upload(channel, credentials, project, options.data)
        follow(jobs_pb2_grpc.JobServiceStub(channel).WatchJob(jobs_pb2.WatchJobRequest(name=dataset.job), metadata=credentials))
        dataset = datasets_pb2_grpc.DatasetServiceStub(channel).GetDataset(
            datasets_pb2.GetDatasetRequest(name=dataset.name), metadata=credentials)
        if dataset.state != datasets_pb2.DATASET_STATE_READY:
            sys.exit(f"{dataset.error.reason}: {dataset.error.message}")

        generators = generators_pb2_grpc.GeneratorServiceStub(channel)
        generator = generators.CreateGenerator(generators_pb2.CreateGeneratorRequest(
            parent=project, request_id=str(uuid.uuid4()),
            generator=generators_pb2.Generator(
                dataset=dataset.name, method="autoregressive", max_time=Duration(seconds=options.max_time))), metadata=credentials)
        generators.TrainGenerator(
            generators_pb2.TrainGeneratorRequest(name=generator.name, request_id=str(uuid.uuid4())), metadata=credentials)
        follow(generators.WatchGenerator(generators_pb2.WatchGeneratorRequest(name=generator.name), metadata=credentials))

        synthetic = synthetic_datasets_pb2_grpc.SyntheticDatasetServiceStub(channel)
        drawn = synthetic.CreateSyntheticDataset(synthetic_datasets_pb2.CreateSyntheticDatasetRequest(
            parent=project, request_id=str(uuid.uuid4()),
            synthetic_dataset=synthetic_datasets_pb2.SyntheticDataset(generator=generator.name, rows=options.rows)),
            metadata=credentials)
        with options.out.open("wb") as out:
            for message in synthetic.StreamRows(
                    synthetic_datasets_pb2.StreamRowsRequest(name=drawn.name), metadata=credentials):
                out.write(message.csv)
    print(f"{options.rows} rows in {options.out}")


if __name__ == "__main__":
    main()
