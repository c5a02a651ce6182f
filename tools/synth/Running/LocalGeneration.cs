using SynthStudio.Api.Services;
using SynthStudio.Cli.Progress;
using SynthStudio.Worker.V1;

namespace SynthStudio.Cli.Running;

/// <summary>Draws rows from a package file on this machine.</summary>
internal sealed class LocalGeneration(IProgressView view)
{
    public Task RunAsync(FileInfo package, GenerateRequest request, CancellationToken cancellation)
    {
        var generate = new GenerateOrder
        {
            Model = package.FullName,
            Rows = request.Rows,
            Seed = request.Seed,
            Temperature = request.Temperature,
            Terms = DrawingTermsText.ToWorker(request),
        };
        return new LocalWorker(view).RunAsync(
            new JobOrder { Generate = generate },
            (parts, _) => LocalWorker.JoinAsync(parts, request.Output.FullName, cancellation, request.DefuseFormulas ? new FormulaDefuser() : null),
            cancellation);
    }
}
