using SynthStudio.Evaluation;
using SynthStudio.Evaluation.Reporting;
using SynthStudio.Tabular;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;
using Attacks = SynthStudio.Evaluation.Attacks.PrivacyAttacks;

namespace SynthStudio.Worker.Jobs;

/// <summary>Scores a synthetic table beside its training table, and beside a holdout when there is one.</summary>
internal sealed class EvaluateJob(EvaluateOrder order) : IJob
{
    public string DeviceName => Devices.Cpu;

    public Completed Run(JobContext context)
    {
        var clock = new PhaseClock(context.Time);
        var (train, holdout, synthetic) = ReadTables(context);
        var ingestSeconds = clock.Lap();

        var settings = order.Settings ?? new EvaluationSettings();
        var options = new EvaluationOptions
        {
            Seed = unchecked((int)(order.Seed ^ (order.Seed >> 32))),
            MaxParallelism = context.Order.Threads,
            Attacks = settings.PrivacyAttacks switch
            {
                PrivacyAttacks.None => Attacks.None,
                PrivacyAttacks.Full => Attacks.Full,
                _ => Attacks.Fast,
            },
            Shadows = ShadowTraining.Of(context, settings, order.Generator),
            QuasiIdentifiers = settings.QuasiIdentifiers,
            ProtectedColumns = settings.ProtectedColumns,
            Targets = settings.Targets,
        };
        var progress = new ScoreProgress(context.Output, context.Time);
        var report = Evaluator.Evaluate(train, synthetic, holdout, options, progress, context.Cancellation) with { Provenance = Provenance() };
        context.Output.Progress("score", 1);

        var completed = new Completed
        {
            Metrics =
            {
                ["rows"] = synthetic.RowCount,
                ["columns"] = synthetic.Columns.Count,
                ["seconds_ingest"] = ingestSeconds,
                ["seconds_evaluate"] = clock.Lap(),
            },
        };
        ReportFiles.Write(context, report, completed);
        return completed;
    }

    private (Table Train, Table? Holdout, Table Synthetic) ReadTables(JobContext context)
    {
        context.Output.Progress("ingest", 0);
        var train = Ingestion.Read(context, order.Train);
        context.Output.Progress("ingest", .4);
        var holdout = order.Holdout is null ? null
            : HeldBackRows.Part(Ingestion.ReadAs(context, order.Holdout, train.Schema, invalidValuesAreMissing: false), order.Holdout.Split);
        context.Output.Progress("ingest", .7);
        var synthetic = Ingestion.ReadAs(context, order.Synthetic, train.Schema, invalidValuesAreMissing: true);
        context.Output.Progress("ingest", 1);
        return (train, holdout, synthetic);
    }

    private Provenance Provenance() => new()
    {
        TrainSha256 = Known(order.Train.Sha256),
        SyntheticSha256 = Known(order.Synthetic.Sha256),
        HoldoutSha256 = Known(order.Holdout?.Sha256),
        Method = Known(order.Generator?.Method),
        ModelSha256 = Known(order.Generator?.ModelSha256),
        Guarantee = order.Generator is { HasEpsilon: true } promise ? new PrivacyGuarantee(promise.Epsilon, promise.Delta) : null,
    };

    private static string? Known(string? text) => string.IsNullOrEmpty(text) ? null : text;

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
