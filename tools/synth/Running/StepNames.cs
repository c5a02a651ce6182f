using System.Globalization;
using SynthStudio.Cli.Progress;
using SynthStudio.V1;

namespace SynthStudio.Cli.Running;

/// <summary>Turns a job's progress events into the steps and words that people see.</summary>
internal static class StepNames
{
    private static readonly string[] TrainingSteps = ["prepare", "train", "verify"];

    /// <summary>One bar for the whole job, called <paramref name="name"/>, of which <paramref name="begun"/> was done before the job.</summary>
    public static Action<ProgressEvent> WholeJob(IProgressView view, string name, double begun = 0) => progress =>
    {
        if (progress.Step.Length > 0)
        {
            var fraction = begun + ((1 - begun) * progress.Fraction);
            view.Show(new StepProgress(name, Math.Min(fraction, .999), Remaining(progress), Detail(progress)));
        }
    };

    /// <summary>A bar for each step of a training: prepare (read and encode), train, verify.</summary>
    public static Action<ProgressEvent> Training(IProgressView view)
    {
        var (current, attempt) = (-1, 1);
        return progress =>
        {
            if (progress.Attempt > attempt)
            {
                attempt = progress.Attempt;
                view.Say($"The worker was lost; attempt {attempt} goes on from the last checkpoint.");
            }

            var step = StepOf(progress);
            if (step < 0)
            {
                return;
            }

            if (current >= 0 && step > current)
            {
                view.Show(new StepProgress(TrainingSteps[current], 1));
            }

            current = step;
            if (progress.State == JobState.Succeeded)
            {
                view.Show(new StepProgress(TrainingSteps[step], 1));
                return;
            }

            view.Show(new StepProgress(TrainingSteps[step], Math.Min(FractionOf(progress), .999), Remaining(progress), Detail(progress)));
        };
    }

    /// <summary>Index in <see cref="TrainingSteps"/>; -1 before the first step.</summary>
    private static int StepOf(ProgressEvent progress) =>
        Array.IndexOf(TrainingSteps, progress.Step is "ingest" or "encode" ? "prepare" : progress.Step);

    private static double FractionOf(ProgressEvent progress) => progress.Step switch
    {
        "ingest" => progress.StepFraction / 2,
        "encode" => .5 + (progress.StepFraction / 2),
        _ => progress.StepFraction,
    };

    /// <summary>The measurements worth a glance at this step.</summary>
    private static string Detail(ProgressEvent progress)
    {
        (string Metric, string Format)[] shown = progress.Step switch
        {
            "train" => [("epoch", "epoch {0:0.0}"), ("training_loss", "loss {0:0.00}"), ("validation_loss", "held-back {0:0.00}")],
            "generate" => [("rows", "{0:N0} rows")],
            _ => [],
        };
        var spent = progress.HasEpsilon ? string.Create(CultureInfo.InvariantCulture, $"epsilon {progress.Epsilon:0.000}") : null;
        var told = from entry in shown
                   where progress.Metrics.ContainsKey(entry.Metric)
                   select string.Format(CultureInfo.InvariantCulture, entry.Format, progress.Metrics[entry.Metric]);
        return string.Join(", ", told.Append(spent).OfType<string>());
    }

    private static TimeSpan? Remaining(ProgressEvent progress) => progress.Remaining?.ToTimeSpan();
}
