using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;

namespace SynthStudio.Testing;

/// <summary>The steps from a file to a trained generator, as a C# client takes them.</summary>
public sealed class Studio(GrpcChannel channel)
{
    private const int ChunkBytes = 256 * 1024;

    public GeneratorService.GeneratorServiceClient Generators { get; } = new(channel);

    public DatasetService.DatasetServiceClient Datasets { get; } = new(channel);

    public JobService.JobServiceClient Jobs { get; } = new(channel);

    public SyntheticDatasetService.SyntheticDatasetServiceClient SyntheticDatasets { get; } = new(channel);

    public UploadService.UploadServiceClient Uploads { get; } = new(channel);

    public ProjectService.ProjectServiceClient Projects { get; } = new(channel);

    public async Task<string> CreateProjectAsync() =>
        (await Projects.CreateProjectAsync(new CreateProjectRequest { Project = new Project { DisplayName = "Test" } })).Name;

    /// <summary>Uploads a file and waits until its profile is made.</summary>
    public async Task<Dataset> UploadAsync(string project, string file) =>
        await UploadAsync(project, Path.GetFileName(file), await File.ReadAllBytesAsync(file));

    /// <summary>Uploads a table and waits until its profile is made, or has failed.</summary>
    public async Task<Dataset> UploadAsync(string project, string fileName, byte[] content, string schemaJson = "")
    {
        var upload = await CreateUploadAsync(project, fileName, schemaJson);
        var dataset = await WriteAsync(upload.Name, content, from: 0);
        using var watch = Jobs.WatchJob(new WatchJobRequest { Name = dataset.Job });
        await foreach (var _ in watch.ResponseStream.ReadAllAsync())
        {
        }

        return await Datasets.GetDatasetAsync(new GetDatasetRequest { Name = dataset.Name });
    }

    public async Task<Upload> CreateUploadAsync(string project, string fileName, string schemaJson = "") => await Uploads.CreateUploadAsync(
        new CreateUploadRequest { Parent = project, Upload = new Upload { FileName = fileName, SchemaJson = schemaJson } });

    /// <summary>Sends on a stream whose server may refuse it before it has all: why it did, the call tells, and not what is thrown here.</summary>
    public static async Task SendAsync(Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (Exception e) when (e is InvalidOperationException or RpcException)
        {
            // It was answered before everything was sent.
        }
    }

    /// <summary>Sends what is left of a file from an offset on, and completes the upload.</summary>
    public async Task<Dataset> WriteAsync(string upload, byte[] content, int from)
    {
        using var call = Uploads.WriteUpload();
        await SendAsync(async () =>
        {
            for (var offset = from; offset < content.Length; offset += ChunkBytes)
            {
                var data = ByteString.CopyFrom(content, offset, Math.Min(ChunkBytes, content.Length - offset));
                await call.RequestStream.WriteAsync(new WriteUploadRequest { Name = upload, Offset = offset, Data = data });
            }

            await call.RequestStream.WriteAsync(new WriteUploadRequest
            {
                Name = upload,
                Offset = content.Length,
                Finish = true,
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
            });
            await call.RequestStream.CompleteAsync();
        });
        return (await call).Dataset;
    }

    public async Task<Generator> CreateGeneratorAsync(string project, string dataset, TimeSpan maxTime, int? steps = null)
    {
        var wanted = new Generator { Dataset = dataset, Method = "autoregressive", MaxTime = Duration.FromTimeSpan(maxTime) };
        if (steps is { } most) wanted.Options.Add("steps", most.ToString(CultureInfo.InvariantCulture));
        return await Generators.CreateGeneratorAsync(new CreateGeneratorRequest { Parent = project, Generator = wanted });
    }

    /// <summary>Creates a generator and starts its training.</summary>
    public async Task<Generator> TrainAsync(string project, string dataset, TimeSpan maxTime, int? steps = null)
    {
        var generator = await CreateGeneratorAsync(project, dataset, maxTime, steps);
        return await Generators.TrainGeneratorAsync(new TrainGeneratorRequest { Name = generator.Name });
    }

    /// <summary>Creates a generator, trains it and waits for the end of it.</summary>
    /// <param name="project">Where.</param>
    /// <param name="dataset">What it learns.</param>
    /// <param name="maxTime">How long at most.</param>
    /// <param name="steps">Steps that the network makes; null leaves them to the method.</param>
    public async Task<Generator> LearnAsync(string project, string dataset, TimeSpan maxTime, int? steps = null)
    {
        var generator = await TrainAsync(project, dataset, maxTime, steps);
        await foreach (var _ in WatchAsync(generator.Name))
        {
        }

        return await Generators.GetGeneratorAsync(new GetGeneratorRequest { Name = generator.Name });
    }

    /// <summary>Every event of the training after a sequence, heartbeats left out, until it ends.</summary>
    public async IAsyncEnumerable<ProgressEvent> WatchAsync(string generator, long after = 0)
    {
        using var call = Generators.WatchGenerator(new WatchGeneratorRequest { Name = generator, AfterSequence = after });
        await foreach (var progress in call.ResponseStream.ReadAllAsync())
        {
            if (!progress.Heartbeat)
            {
                yield return progress;
            }
        }
    }

    /// <summary>Draws rows and answers them as CSV with its header line.</summary>
    public async Task<string> DrawAsync(string project, string generator, long rows, long seed = 0)
    {
        var drawn = await SyntheticDatasets.CreateSyntheticDatasetAsync(new CreateSyntheticDatasetRequest
        {
            Parent = project,
            SyntheticDataset = new SyntheticDataset { Generator = generator, Rows = rows, Seed = seed },
        });
        using var text = new MemoryStream();
        using var call = SyntheticDatasets.StreamRows(new StreamRowsRequest { Name = drawn.Name });
        await foreach (var message in call.ResponseStream.ReadAllAsync())
        {
            message.Csv.WriteTo(text);
        }

        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }
}
