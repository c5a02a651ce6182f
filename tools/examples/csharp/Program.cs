using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using SynthStudio.V1;

// From a CSV file to synthetic rows, through the gRPC API:
//
//     dotnet run -- --server http://localhost:5080 --key admin.key customers.csv synthetic.csv

var server = new Option<string>("--server") { Description = "Address of the server.", DefaultValueFactory = _ => "http://localhost:5080" };
var key = new Option<FileInfo>("--key") { Description = "File that holds an API key.", Required = true };
var maxTime = new Option<int>("--max-time") { Description = "Training time in seconds.", DefaultValueFactory = _ => 60 };
var rows = new Option<int>("--rows") { Description = "Rows to draw.", DefaultValueFactory = _ => 1000 };
var data = new Argument<FileInfo>("DATA") { Description = "The table." };
var output = new Argument<FileInfo>("OUT") { Description = "File for the rows." };
var command = new RootCommand("From a CSV file to synthetic rows, through the gRPC API.") { server, key, maxTime, rows, data, output };
command.SetAction((parse, cancellation) => RunAsync(
    parse.GetRequiredValue(server), parse.GetRequiredValue(key), parse.GetRequiredValue(data),
    parse.GetRequiredValue(output), parse.GetValue(maxTime), parse.GetValue(rows), cancellation));
return await command.Parse(args).InvokeAsync();

static async Task RunAsync(string server, FileInfo key, FileInfo data, FileInfo output, int maxTime, int rows, CancellationToken cancellation)
{
    using var channel = GrpcChannel.ForAddress(server);
    var bearer = new Metadata { { "authorization", "Bearer " + (await File.ReadAllTextAsync(key.FullName, cancellation)).Trim() } };
    var project = await new ProjectService.ProjectServiceClient(channel).CreateProjectAsync(
        new CreateProjectRequest
        {
            Project = new Project { DisplayName = Path.GetFileNameWithoutExtension(data.Name) },
            RequestId = NewId(),
        },
        bearer, cancellationToken: cancellation);
    var dataset = await UploadAsync(channel, bearer, project.Name, data, cancellation);
    await FollowAsync(
        new JobService.JobServiceClient(channel)
            .WatchJob(new WatchJobRequest { Name = dataset.Job }, bearer, cancellationToken: cancellation),
        cancellation);
    dataset = await new DatasetService.DatasetServiceClient(channel)
        .GetDatasetAsync(new GetDatasetRequest { Name = dataset.Name }, bearer, cancellationToken: cancellation);
    if (dataset.State != DatasetState.Ready) throw new InvalidOperationException($"{dataset.Error.Reason}: {dataset.Error.Message}");

    var generators = new GeneratorService.GeneratorServiceClient(channel);
    var generator = await generators.CreateGeneratorAsync(
        new CreateGeneratorRequest
        {
            Parent = project.Name, RequestId = NewId(),
            Generator = new Generator { Dataset = dataset.Name, Method = "autoregressive", MaxTime = Duration.FromTimeSpan(TimeSpan.FromSeconds(maxTime)) },
        },
        bearer, cancellationToken: cancellation);
    await generators.TrainGeneratorAsync(new TrainGeneratorRequest { Name = generator.Name, RequestId = NewId() }, bearer, cancellationToken: cancellation);
    await FollowAsync(generators.WatchGenerator(new WatchGeneratorRequest { Name = generator.Name }, bearer, cancellationToken: cancellation), cancellation);

    var synthetics = new SyntheticDatasetService.SyntheticDatasetServiceClient(channel);
    var drawn = await synthetics.CreateSyntheticDatasetAsync(
        new CreateSyntheticDatasetRequest
        {
            Parent = project.Name, RequestId = NewId(),
            SyntheticDataset = new SyntheticDataset { Generator = generator.Name, Rows = rows },
        },
        bearer, cancellationToken: cancellation);
    await using (var file = output.Create())
    {
        using var stream = synthetics.StreamRows(new StreamRowsRequest { Name = drawn.Name }, bearer, cancellationToken: cancellation);
        await foreach (var message in stream.ResponseStream.ReadAllAsync(cancellation)) await file.WriteAsync(message.Csv.Memory, cancellation);
    }

    Console.WriteLine($"{rows} rows in {output}");
}

// Uploads a file and answers the data set made from it.
static async Task<Dataset> UploadAsync(GrpcChannel channel, Metadata bearer, string project, FileInfo data, CancellationToken cancellation)
{
    var uploads = new UploadService.UploadServiceClient(channel);
    var target = await uploads.CreateUploadAsync(
        new CreateUploadRequest { Parent = project, Upload = new Upload { FileName = data.Name }, RequestId = NewId() },
        bearer, cancellationToken: cancellation);
    using var call = uploads.WriteUpload(bearer, cancellationToken: cancellation);
    try
    {
        await SendAsync(call.RequestStream, target.Name, data, cancellation);
    }
    catch (Exception e) when (e is RpcException or InvalidOperationException)
    {
        // The server refused before all was sent: its answer says why.
    }

    return (await call).Dataset;
}

static async Task SendAsync(IClientStreamWriter<WriteUploadRequest> stream, string upload, FileInfo data, CancellationToken cancellation)
{
    using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    await using var file = data.OpenRead();
    var (chunk, offset) = (new byte[256 * 1024], 0L);
    for (int length; (length = await file.ReadAsync(chunk, cancellation)) > 0; offset += length)
    {
        hash.AppendData(chunk, 0, length);
        await stream.WriteAsync(new WriteUploadRequest { Name = upload, Offset = offset, Data = ByteString.CopyFrom(chunk, 0, length) }, cancellation);
    }

    await stream.WriteAsync(
        new WriteUploadRequest { Name = upload, Offset = offset, Finish = true, Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset()) }, cancellation);
    await stream.CompleteAsync();
}

// Prints progress until the job ends.
static async Task FollowAsync(AsyncServerStreamingCall<ProgressEvent> watch, CancellationToken cancellation)
{
    using (watch)
    {
        await foreach (var told in watch.ResponseStream.ReadAllAsync(cancellation))
        {
            if (told.Heartbeat) continue;
            var loss = told.Metrics.TryGetValue("validation_loss", out var value) ? $" loss {value:0.0000}" : "";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{100 * told.Fraction,5:0.0} % {told.Step}{loss}"));
        }
    }
}

// A repeat under the same id does nothing twice.
static string NewId() => Guid.NewGuid().ToString();
