using System.Text.Json;
using System.Text.Json.Nodes;
using SynthStudio.Evaluation;
using SynthStudio.Evaluation.Reporting;
using SynthStudio.Tabular;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>Scores a synthetic table beside its training table, and beside a holdout when there is one.</summary>
internal sealed class EvaluateJob(EvaluateOrder order) : IJob
{
    private const string OutsideGuarantee =
        "Computed from the real rows without noise: the differential privacy of the synthetic rows does not cover this report. Do not publish it.";

    public string DeviceName => Devices.Cpu;

    public Completed Run(JobContext context)
    {
        var clock = new PhaseClock(context.Time);
        var (train, holdout, synthetic) = ReadTables(context);
        var ingestSeconds = clock.Lap();

        var options = new EvaluationOptions
        {
            Seed = unchecked((int)(order.Seed ^ (order.Seed >> 32))),
            MaxParallelism = context.Order.Threads,
        };
        var progress = new ScoreProgress(context.Output, context.Time);
        var report = Evaluator.Evaluate(train, synthetic, holdout, options, progress, context.Cancellation);
        context.Output.Progress("score", 1);

        var path = context.Scratch("report.json");
        File.WriteAllText(path, order.OutsideGuarantee ? Marked(report.ToJson()) : report.ToJson());
        var completed = new Completed
        {
            Artifacts = { new Artifact { Role = "report", Path = path, MediaType = "application/json" } },
            Metrics =
            {
                ["rows"] = synthetic.RowCount,
                ["columns"] = synthetic.Columns.Count,
                ["seconds_ingest"] = ingestSeconds,
                ["seconds_evaluate"] = clock.Lap(),
            },
        };
        foreach (var (name, value) in Headlines(report.Metrics))
        {
            completed.Metrics[name] = value;
        }

        return completed;
    }

    /// <summary>The report with a first field that says what it is: the rows it scores are protected, it is not.</summary>
    private static string Marked(string report)
    {
        var marked = new JsonObject { ["outside_guarantee"] = OutsideGuarantee };
        foreach (var (name, value) in JsonNode.Parse(report)!.AsObject()) marked[name] = value?.DeepClone();
        return marked.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private (Table Train, Table? Holdout, Table Synthetic) ReadTables(JobContext context)
    {
        context.Output.Progress("ingest", 0);
        var train = Ingestion.Read(context, order.Train);
        context.Output.Progress("ingest", .4);
        var holdout = order.Holdout is null ? null : Ingestion.ReadAs(context, order.Holdout, train.Schema, invalidValuesAreMissing: false);
        context.Output.Progress("ingest", .7);
        var synthetic = Ingestion.ReadAs(context, order.Synthetic, train.Schema, invalidValuesAreMissing: true);
        context.Output.Progress("ingest", 1);
        return (train, holdout, synthetic);
    }

    /// <summary>The scores that were measured, by the names they have in the report.</summary>
    private static IEnumerable<(string Name, double Value)> Headlines(Scores scores) =>
        from property in typeof(Scores).GetProperties()
        where property.PropertyType == typeof(double?)
        let value = (double?)property.GetValue(scores)
        where value is not null
        select (JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), value.Value);

    /// <summary>Relays the evaluator's progress, with the time left by rule of three. Called on the evaluator's threads.</summary>
    private sealed class ScoreProgress(JobOutput output, TimeProvider time) : IProgress<EvaluationProgress>
    {
        private readonly long begin = time.GetTimestamp();

        public void Report(EvaluationProgress value)
        {
            var elapsed = time.GetElapsedTime(begin);
            TimeSpan? left = value.Fraction > .05 ? elapsed * ((1 - value.Fraction) / value.Fraction) : null;
            output.Progress("score", value.Fraction, left);
        }
    }
}
