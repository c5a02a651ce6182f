using System.Diagnostics;
using SynthStudio.Bench.Quality;
using SynthStudio.Synthesis;

namespace SynthStudio.Bench.Speed;

/// <summary>Measures one method on one size, in this process.</summary>
internal static class SpeedRun
{
    private const int DrawnRows = 20_000;

    public static SpeedResult Measure(MethodSpec method, int rows, int columns, TimeSpan maxTime)
    {
        var table = SpeedTable.Make(rows, columns);
        var observer = new StageClock();
        using var model = Synthesizers.Get(method.Name).Fit(
            table, new FitRequest { Options = method.Options, Seed = 1, MaxTime = maxTime }, observer, CancellationToken.None);
        var total = observer.Elapsed;
        var encode = observer.TrainingBegan ?? total;
        var clock = Stopwatch.StartNew();
        var drawn = model.Sample(new SampleRequest { Rows = DrawnRows, Seed = 1 }, CancellationToken.None).Sum(chunk => (long)chunk.RowCount);
        var rowsPerSecond = drawn / clock.Elapsed.TotalSeconds;
        using var process = Process.GetCurrentProcess();
        var training = model.Metrics.TryGetValue("training_seconds", out var seconds) ? seconds : (double?)null;
        return new SpeedResult(
            method.Text, rows, columns, encode.TotalSeconds, (total - encode).TotalSeconds,
            model.Metrics.TryGetValue("steps", out var steps) ? 1_000 * training / steps : null,
            model.Metrics.TryGetValue("epochs", out var epochs) ? training / epochs : null,
            rowsPerSecond, process.PeakWorkingSet64 / 1048576.0);
    }

    /// <summary>Tells when the encoding ended.</summary>
    private sealed class StageClock : ITrainingObserver
    {
        private readonly Stopwatch clock = Stopwatch.StartNew();

        public TimeSpan Elapsed => clock.Elapsed;

        public TimeSpan? TrainingBegan { get; private set; }

        public TrainingWish Wish => TrainingWish.Continue;

        public void Report(TrainingProgress progress)
        {
            if (progress.Stage != "encode") TrainingBegan ??= clock.Elapsed;
        }

        public void CheckpointWritten(string file, long step)
        {
        }
    }
}
