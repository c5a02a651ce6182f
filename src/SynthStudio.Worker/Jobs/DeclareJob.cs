using SynthStudio.Synthesis;
using SynthStudio.Tabular;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>The training of a method that reads no data: writes the model package, reads it back and checks what it draws.</summary>
internal sealed class DeclareJob(TrainOrder order, Device device) : IJob
{
    private static readonly Table Nothing = new(new TableSchema { Columns = [] }, []);

    public string DeviceName => Devices.Cpu;

    /// <summary>Whether an order is for a method of that kind.</summary>
    public static bool Does(TrainOrder order) => Synthesizers.All.Any(m => m.Method == order.Method && m.Capabilities.HasFlag(Capabilities.NoData));

    public Completed Run(JobContext context)
    {
        var clock = new PhaseClock(context.Time);
        var observer = new TrainingObserver(context, [], isPrivate: false);
        var request = new FitRequest { Options = order.Options, Seed = order.Seed, Device = device, Threads = context.Order.Threads };
        using var model = Synthesizers.Get(order.Method).Fit(Nothing, request, observer, context.Cancellation);
        observer.Done();
        var path = TrainJob.WritePackage(context, order, model, rows: 0);
        var seconds = clock.Lap();
        Verify(context, path);
        return new Completed
        {
            Artifacts = { new Artifact { Role = "model", Path = path, MediaType = TrainJob.PackageType } },
            Metrics = { ["rows"] = 0, ["columns"] = model.Schema.Columns.Count, ["seconds_train"] = seconds, ["seconds_verify"] = clock.Lap(), ["cuda"] = 0 },
        };
    }

    /// <summary>Draws rows from the package as others will get it.</summary>
    private void Verify(JobContext context, string path)
    {
        context.Output.Progress("verify", 0);
        using var package = File.OpenRead(path);
        using var model = Synthesizers.Load(package, device, context.Order.Threads);
        var request = new SampleRequest
        {
            Rows = TrainJob.VerifyRows, Seed = order.Seed, ChunkRows = TrainJob.VerifyRows, FirstChunkRows = TrainJob.VerifyRows,
        };
        foreach (var drawn in model.Sample(request, context.Cancellation))
        {
            DrawnRows.RequireValid(drawn, model.Schema);
        }

        context.Output.Progress("verify", 1);
    }
}
