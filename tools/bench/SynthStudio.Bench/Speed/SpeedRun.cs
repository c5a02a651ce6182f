using System.Diagnostics;
using SynthStudio.Bench.Quality;
using SynthStudio.Evaluation;
using SynthStudio.Synthesis;
using SynthStudio.Tabular;

namespace SynthStudio.Bench.Speed;

/// <summary>Measures one method on one size, in this process.</summary>
internal static class SpeedRun
{
    private const int DrawnRows = 20_000, DrawnCells = 400_000;

    /// <summary>A chunk of made rows that no table has.</summary>
    private const int FreshChunk = 1_000_000;

    public static SpeedResult Measure(MethodSpec method, int rows, int columns, TimeSpan maxTime, bool score)
    {
        var large = (long)rows * columns > TrainingTable.MostCellsInMemory;
        var table = SpeedTable.Make(large ? (int)(TrainingTable.SampledCells / columns) : rows, columns);
        var observer = new StageClock();
        var fitting = new RunClock();
        using var model = Synthesizers.Get(method.Name).Fit(
            table,
            new FitRequest { Options = method.Options, Seed = 1, MaxTime = maxTime, AllRows = large ? new SpeedRows(rows, columns) : null },
            observer, CancellationToken.None);
        var total = observer.Elapsed;
        var fit = fitting.Lap().Processor;
        var encode = observer.TrainingBegan ?? total;
        var clock = Stopwatch.StartNew();
        var wanted = Math.Min(DrawnRows, DrawnCells / columns);
        var drawn = model.Sample(new SampleRequest { Rows = wanted, Seed = 1, FirstChunkRows = wanted, ChunkRows = wanted }, CancellationToken.None).Single();
        var rowsPerSecond = drawn.RowCount / clock.Elapsed.TotalSeconds;
        using var process = Process.GetCurrentProcess();
        var peak = process.PeakWorkingSet64 / 1048576.0;
        var training = model.Metrics.TryGetValue("training_seconds", out var seconds) ? seconds : (double?)null;
        return new SpeedResult(
            method.Text, rows, columns, encode.TotalSeconds, (total - encode).TotalSeconds,
            model.Metrics.TryGetValue("steps", out var steps) ? 1_000 * training / steps : null,
            model.Metrics.TryGetValue("epochs", out var epochs) ? training / epochs : null,
            rowsPerSecond, peak,
            model.Metrics.TryGetValue("steps", out var taken) ? 1_000 * observer.TrainingProcessorSeconds / taken : null,
            fit, score ? Detection(drawn, columns) : null);
    }

    /// <summary>Against rows that were made like those learned, but were not among them.</summary>
    private static double? Detection(Table drawn, int columns) => Evaluator.Evaluate(
        SpeedTable.Make(drawn.RowCount, columns, FreshChunk), drawn, null,
        new EvaluationOptions { Parts = EvaluationParts.Detection, MeasureCeiling = false }).Metrics.C2stAuc;

    /// <summary>Tells when the encoding ended.</summary>
    private sealed class StageClock : ITrainingObserver
    {
        private readonly Stopwatch clock = Stopwatch.StartNew();

        public TimeSpan Elapsed => clock.Elapsed;

        public TimeSpan? TrainingBegan { get; private set; }

        private double began, newest;

        public double TrainingProcessorSeconds => newest - began;

        public TrainingWish Wish => TrainingWish.Continue;

        public void Report(TrainingProgress progress)
        {
            using var process = Process.GetCurrentProcess();
            newest = process.TotalProcessorTime.TotalSeconds;
            if (progress.Stage == "encode") began = newest;
            else TrainingBegan ??= clock.Elapsed;
        }

        public void CheckpointWritten(string file, long step)
        {
        }
    }
}
