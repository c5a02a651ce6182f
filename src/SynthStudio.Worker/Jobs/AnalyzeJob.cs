using SynthStudio.Evaluation.Drift;
using SynthStudio.Tabular;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>Looks for sets of columns that tell the rows of a table apart, or for how it differs from an earlier version.</summary>
internal sealed class AnalyzeJob(AnalyzeOrder order) : IJob
{
    public string DeviceName => Devices.Cpu;

    public Completed Run(JobContext context)
    {
        var clock = new PhaseClock(context.Time);
        context.Output.Progress("ingest", 0);
        var (json, rows) = order.Earlier is null ? IdentifyingSets(context) : Drift(context, order.Earlier);
        context.Output.Progress("analyse", 1);
        var path = context.Scratch("analysis.json");
        File.WriteAllText(path, json);
        return new Completed
        {
            Artifacts = { new Artifact { Role = "analysis", Path = path, MediaType = "application/json" } },
            Metrics = { ["rows"] = rows, ["seconds_analyse"] = clock.Lap() },
        };
    }

    private (string Json, long Rows) IdentifyingSets(JobContext context)
    {
        var options = new AnonymityOptions { Reading = Ingestion.Options(context), Columns = [.. order.Columns], MostColumns = order.MostColumns };
        var sets = AnonymitySearch.Find(order.Data.Path, order.Data.FileName, options, new SearchProgress(context.Output), context.Cancellation);
        return (sets.ToJson(), sets.Rows);
    }

    private (string Json, long Rows) Drift(JobContext context, DataFile earlier)
    {
        var before = Ingestion.Read(context, earlier);
        context.Output.Progress("ingest", .5);
        var after = Ingestion.Read(context, order.Data);
        context.Output.Progress("ingest", 1);
        return (DriftMeasure.Compare(before, after).ToJson(), after.RowCount);
    }

    /// <summary>The search's one fraction as the protocol's two steps: until 0.3 it reads the file.</summary>
    private sealed class SearchProgress(JobOutput output) : IProgress<double>
    {
        private const double Read = .3;

        public void Report(double value)
        {
            if (value <= Read) output.Progress("ingest", value / Read);
            else output.Progress("analyse", (value - Read) / (1 - Read));
        }
    }
}
