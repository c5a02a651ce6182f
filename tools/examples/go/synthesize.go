// From a CSV file to synthetic rows, through the gRPC API:
//
//	go run . -server localhost:5080 -key admin.key customers.csv synthetic.csv
package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	pb "example.org/synthesize/synthstudio/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/durationpb"
)

const chunk = 256 * 1024

// newID makes a UUID: a repeat under the same id does nothing twice.
func newID() string {
	b := make([]byte, 16)
	if _, err := rand.Read(b); err != nil {
		log.Fatal(err)
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// upload sends a file and answers the data set made from it.
func upload(ctx context.Context, conn *grpc.ClientConn, project, path string) (*pb.Dataset, error) {
	uploads := pb.NewUploadServiceClient(conn)
	target, err := uploads.CreateUpload(ctx, &pb.CreateUploadRequest{
		Parent: project, Upload: &pb.Upload{FileName: filepath.Base(path)}, RequestId: newID()})
	if err != nil {
		return nil, err
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	stream, err := uploads.WriteUpload(ctx)
	if err != nil {
		return nil, err
	}
	for offset := 0; offset < len(content); offset += chunk {
		part := content[offset:min(offset+chunk, len(content))]
		if err := stream.Send(&pb.WriteUploadRequest{Name: target.GetName(), Offset: int64(offset), Data: part}); err != nil {
			return nil, refusal(stream, err)
		}
	}
	sum := sha256.Sum256(content)
	last := &pb.WriteUploadRequest{
		Name: target.GetName(), Offset: int64(len(content)), Finish: true, Sha256: hex.EncodeToString(sum[:])}
	if err := stream.Send(last); err != nil {
		return nil, refusal(stream, err)
	}
	answer, err := stream.CloseAndRecv()
	if err != nil {
		return nil, err
	}
	return answer.GetDataset(), nil
}

// refusal answers why the server closed a stream before all was sent: a write to it only says io.EOF.
func refusal(stream grpc.ClientStreamingClient[pb.WriteUploadRequest, pb.WriteUploadResponse], err error) error {
	if _, told := stream.CloseAndRecv(); errors.Is(err, io.EOF) && told != nil {
		return told
	}
	return err
}

// follow prints progress until the job ends.
func follow(events grpc.ServerStreamingClient[pb.ProgressEvent], err error) error {
	for err == nil {
		var event *pb.ProgressEvent
		if event, err = events.Recv(); err == nil && !event.GetHeartbeat() {
			fmt.Printf("%5.1f %% %s\n", 100*event.GetFraction(), event.GetStep())
		}
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func run(server, keyFile string, maxTime time.Duration, rows int64, data, out string) error {
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return err
	}
	conn, err := grpc.NewClient(server, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	ctx := metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer "+strings.TrimSpace(string(key)))

	projects := pb.NewProjectServiceClient(conn)
	project, err := projects.CreateProject(ctx, &pb.CreateProjectRequest{
		Project: &pb.Project{DisplayName: filepath.Base(data)}, RequestId: newID()})
	if err != nil {
		return err
	}
	dataset, err := upload(ctx, conn, project.GetName(), data)
	if err != nil {
		return err
	}
	jobs := pb.NewJobServiceClient(conn)
	if err := follow(jobs.WatchJob(ctx, &pb.WatchJobRequest{Name: dataset.GetJob()})); err != nil {
		return err
	}
	datasets := pb.NewDatasetServiceClient(conn)
	if dataset, err = datasets.GetDataset(ctx, &pb.GetDatasetRequest{Name: dataset.GetName()}); err != nil {
		return err
	}
	if dataset.GetState() != pb.DatasetState_DATASET_STATE_READY {
		return fmt.Errorf("%s: %s", dataset.GetError().GetReason(), dataset.GetError().GetMessage())
	}

	generators := pb.NewGeneratorServiceClient(conn)
	generator, err := generators.CreateGenerator(ctx, &pb.CreateGeneratorRequest{
		Parent: project.GetName(), RequestId: newID(),
		Generator: &pb.Generator{Dataset: dataset.GetName(), Method: "autoregressive", MaxTime: durationpb.New(maxTime)}})
	if err != nil {
		return err
	}
	if _, err = generators.TrainGenerator(ctx, &pb.TrainGeneratorRequest{Name: generator.GetName(), RequestId: newID()}); err != nil {
		return err
	}
	if err := follow(generators.WatchGenerator(ctx, &pb.WatchGeneratorRequest{Name: generator.GetName()})); err != nil {
		return err
	}

	synthetics := pb.NewSyntheticDatasetServiceClient(conn)
	drawn, err := synthetics.CreateSyntheticDataset(ctx, &pb.CreateSyntheticDatasetRequest{
		Parent: project.GetName(), RequestId: newID(),
		SyntheticDataset: &pb.SyntheticDataset{Generator: generator.GetName(), Rows: rows}})
	if err != nil {
		return err
	}
	stream, err := synthetics.StreamRows(ctx, &pb.StreamRowsRequest{Name: drawn.GetName()})
	if err != nil {
		return err
	}
	file, err := os.Create(out)
	if err != nil {
		return err
	}
	defer file.Close()
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			fmt.Printf("%d rows in %s\n", rows, out)
			return file.Sync()
		}
		if err != nil {
			return err
		}
		if _, err := file.Write(message.GetCsv()); err != nil {
			return err
		}
	}
}

func main() {
	server := flag.String("server", "localhost:5080", "address of the server")
	key := flag.String("key", "", "file that holds an API key")
	maxTime := flag.Duration("max-time", time.Minute, "training time")
	rows := flag.Int64("rows", 1000, "rows to draw")
	flag.Parse()
	if *key == "" || flag.NArg() != 2 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*server, *key, *maxTime, *rows, flag.Arg(0), flag.Arg(1)); err != nil {
		log.Fatal(err)
	}
}
