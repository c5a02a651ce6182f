using SynthStudio.Cli.Connection;
using SynthStudio.Cli.Progress;
using SynthStudio.V1;

namespace SynthStudio.Cli.Running;

/// <summary>Draws rows from a generator of a server.</summary>
internal sealed class ServerGeneration(SynthClient client, IProgressView view, TimeProvider time)
{
    public async Task RunAsync(string generator, GenerateRequest request, CancellationToken cancellation)
    {
        var wanted = new SyntheticDataset
        {
            Generator = generator, Rows = request.Rows, Seed = request.Seed, Temperature = request.Temperature,
        };
        wanted.Terms = DrawingTermsText.ToProto(request);
        var synthetic = await client.SyntheticDatasets.CreateSyntheticDatasetAsync(
            new CreateSyntheticDatasetRequest { Parent = client.Project, SyntheticDataset = wanted, RequestId = Guid.NewGuid().ToString() },
            cancellationToken: cancellation);
        await new JobFollower(client, time).FollowAsync(synthetic.Job, StepNames.WholeJob(view, "generate"), cancellation);
        await Downloads.SaveAsync(
            client.SyntheticDatasets.DownloadSyntheticDataset(
                new() { Name = synthetic.Name, DefuseFormulas = request.DefuseFormulas },
                cancellationToken: cancellation),
            request.Output.FullName,
            cancellation);
        view.Show(new StepProgress("generate", 1));
    }
}
