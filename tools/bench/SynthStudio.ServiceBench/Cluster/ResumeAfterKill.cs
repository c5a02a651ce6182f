using System.Diagnostics;
using System.Globalization;

namespace SynthStudio.ServiceBench;

/// <summary>
/// A real training on two silos with PostgreSQL and a bucket: <c>kill -9</c> of its worker, then of its silo, until it makes steps again.
/// </summary>
internal static class ResumeAfterKill
{
    private const string CheckpointAt = "Checkpoint at step ";

    public static async Task<Measured> WorkerAsync(BenchOptions options) => await MeasureAsync("worker", "10 s, < 10 %", "3 s, < 3 %", silo =>
    {
        foreach (var worker in silo.Workers().Where(IsBusy)) Process.GetProcessById(worker).Kill();
        return Task.CompletedTask;
    });

    public static async Task<Measured> SiloAsync(BenchOptions options) => await MeasureAsync("silo", "60 s, < 10 %", "20 s, < 3 %", silo => silo.KillAsync());

    private static async Task<Measured> MeasureAsync(string what, string least, string aim, Func<ServedProcess, Task> kill)
    {
        using var folder = new TemporaryFolder();
        await using var cluster = await ClusterProcesses.CreateAsync();
        var often = ("CheckpointSeconds", "2");
        var silos = new[] { await cluster.StartSiloAsync(often), await cluster.StartSiloAsync(often) };
        var api = await cluster.StartApiAsync();
        var studio = new Studio(api.Channel);
        var project = await studio.CreateProjectAsync();
        var dataset = await studio.UploadAsync(project, FifteenColumns.Write(folder["table.csv"], rows: 20_000));
        var generator = await studio.TrainAsync(project, dataset.Name, maxTime: TimeSpan.FromMinutes(1), steps: 6_000); // About a minute, or that.

        // Events carry on what was told before: until the new attempt trains, theirs is the step number of the old one, at first with its stage.
        var (killed, moved, reached, kept, total) = (0L, TimeSpan.Zero, 0.0, 0.0, 0.0);
        var (attempt, isAtWork) = (0, false);
        await foreach (var progress in studio.WatchAsync(generator.Name))
        {
            var step = progress.Metrics.GetValueOrDefault("optimiser_step");
            if (killed == 0 || progress.Attempt == attempt)
            {
                reached = step;
                if (progress.Message.StartsWith(CheckpointAt, StringComparison.Ordinal))
                    kept = double.Parse(progress.Message.AsSpan(CheckpointAt.Length), CultureInfo.InvariantCulture);
            }

            if (killed == 0 && progress.Step == "train" && progress.StepFraction > .4)
            {
                (killed, attempt) = (Stopwatch.GetTimestamp(), progress.Attempt);
                await kill(silos.MaxBy(s => s.Workers().Count(IsBusy))!);
            }
            else if (killed != 0 && moved == TimeSpan.Zero && progress.Attempt > attempt)
            {
                isAtWork |= progress.Step != "train";
                if (isAtWork && progress.Step == "train" && step > kept && progress.State == JobState.Running)
                    moved = Stopwatch.GetElapsedTime(killed);
            }

            total = Math.Max(total, step);
        }

        if (moved == TimeSpan.Zero) throw new InvalidOperationException($"No attempt after the {what} was killed trained.");
        return new Measured(
            $"resume after `kill -9` of the {what}: time until training moves on, steps lost",
            $"{moved.TotalSeconds:F1} s, {Math.Max(0, reached - kept):N0} of {total:N0} ({Math.Max(0, reached - kept) / total:P1})", least, aim);
    }

    /// <summary>Not the one that waits: it has used some processor time.</summary>
    private static bool IsBusy(int process)
    {
        try
        {
            return Process.GetProcessById(process).TotalProcessorTime > TimeSpan.FromSeconds(3);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
