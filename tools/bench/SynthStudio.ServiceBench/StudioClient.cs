using System.Numerics;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;

namespace SynthStudio.ServiceBench;

/// <summary>The calls that prepare a measurement.</summary>
internal sealed class StudioClient(GrpcChannel channel)
{
    private const int ChunkBytes = 1 << 20;

    public GeneratorService.GeneratorServiceClient Generators { get; } = new(channel);

    public UploadService.UploadServiceClient Uploads { get; } = new(channel);

    public JobService.JobServiceClient Jobs { get; } = new(channel);

    public SyntheticDatasetService.SyntheticDatasetServiceClient SyntheticDatasets { get; } = new(channel);

    public async Task<string> CreateProjectAsync() => (await new ProjectService.ProjectServiceClient(channel)
        .CreateProjectAsync(new CreateProjectRequest { Project = new Project { DisplayName = "Benchmark" } })).Name;

    public async Task<Dataset> UploadAsync(string project, string file)
    {
        var upload = await Uploads.CreateUploadAsync(new CreateUploadRequest
        {
            Parent = project,
            Upload = new Upload { FileName = Path.GetFileName(file) },
        });
        var content = await File.ReadAllBytesAsync(file);
        using var call = Uploads.WriteUpload();
        for (var offset = 0; offset < content.Length; offset += ChunkBytes)
        {
            var data = ByteString.CopyFrom(content, offset, Math.Min(ChunkBytes, content.Length - offset));
            await call.RequestStream.WriteAsync(new WriteUploadRequest
            {
                Name = upload.Name,
                Offset = offset,
                Data = data,
                Finish = offset + data.Length == content.Length,
            });
        }

        await call.RequestStream.CompleteAsync();
        var dataset = (await call).Dataset;
        using var watch = Jobs.WatchJob(new WatchJobRequest { Name = dataset.Job });
        await foreach (var _ in watch.ResponseStream.ReadAllAsync())
        {
        }

        return dataset;
    }

    public async Task<Generator> CreateGeneratorAsync(string project, string dataset, TimeSpan maxTime) =>
        await Generators.CreateGeneratorAsync(new CreateGeneratorRequest
        {
            Parent = project,
            Generator = new Generator { Dataset = dataset, Method = "autoregressive", MaxTime = Duration.FromTimeSpan(maxTime) },
        });

    public async Task TrainAsync(string generator)
    {
        await Generators.TrainGeneratorAsync(new TrainGeneratorRequest { Name = generator });
        using var watch = Generators.WatchGenerator(new WatchGeneratorRequest { Name = generator });
        await foreach (var _ in watch.ResponseStream.ReadAllAsync())
        {
        }
    }

    /// <summary>CRC-32C (Castagnoli) of some bytes, as the upload protocol asks for.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var value in bytes[(bytes.Length & ~7)..])
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
