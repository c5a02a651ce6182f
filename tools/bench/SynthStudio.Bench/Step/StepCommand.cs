using System.Diagnostics;
using System.Globalization;
using SynthStudio.Bench.PrivateStep;
using SynthStudio.Bench.Quality;
using SynthStudio.Synthesis;
using SynthStudio.Synthesis.Ctgan;
using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Bench.Step;

/// <summary>
/// A training step of <c>ctgan</c> with its defaults, beside its products of matrices alone at the rate that this processor multiplies at: what is
/// above 1 is all the rest.
/// </summary>
internal static class StepCommand
{
    private const int Shards = 2, Width = 256, NoiseWidth = 128;

    public static int Run(Arguments args)
    {
        int Number(string name, int usual) => args.Take(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
        var (batch, pac, threads) = (Number("batch", 500), Number("pac", 2), Number("threads", 2));
        var (steps, rounds) = (Number("steps", 500), Number("rounds", 3));
        var folder = args.Take("data") ?? Environment.GetEnvironmentVariable("SYNTHSTUDIO_TEST_DATA")
            ?? throw new ArgumentException("--data is missing, and SYNTHSTUDIO_TEST_DATA is not set");
        var device = ComputeDevice.Resolve(SynthStudio.Synthesis.Device.Cpu, threads);
        var (table, _) = BenchTable.Find(folder, [args.Take("table") ?? "adult"])[0].Read();
        var codec = MixedCodec.Fit(table, new FitRequest { Seed = 1 }, protectRare: true, CancellationToken.None);
        var layout = new MixedLayout(codec.Columns);
        var shape = new CtganShape(layout, new ConditionLayout(layout, logFrequency: false), new CtganSizes(Width, Width, NoiseWidth, pac));
        var trainer = new CtganTrainer(shape, codec.Encode(table, 1), RowSplit.Draw(table.RowCount, 1), new CtganBatches(batch, Shards, 1, 1));
        var (rate, operations) = (Rate(batch / Shards), 2.0 * Products(layout.Width, pac) * batch);
        var products = operations / rate / 1e6;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{layout.Scalars} scalars, {layout.Tokens} symbols: products of {operations / 1e9:f2} GFLOP a step at {rate:f0} GFLOP/s a core, {products:f1} ms of processor time"));
        for (var round = 0; round < rounds; round++)
        {
            var (wall, cpu) = Train(trainer, device, batch, table.RowCount, steps);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{wall:f2} ms, cpu {cpu:f2} ms a step; cpu / products {cpu / products:f2}"));
        }

        return 0;
    }

    private static (double Wall, double Cpu) Train(CtganTrainer trainer, ComputeDevice device, int batch, int rows, int steps)
    {
        using var end = new CancellationTokenSource();
        var plan = new TrainingPlan
        {
            Steps = 100_000, BatchRows = batch, TrainingRows = rows, LearningRate = 1e-3,
            Betas = (0.5, 0.9), GradientClip = double.PositiveInfinity, ValidateEvery = long.MaxValue,
        };
        var clock = new StepClock(null, steps, end);
        try
        {
            new TrainingLoop(trainer, plan, device, null, default(CheckpointSchedule), TimeProvider.System).Run(clock, end.Token);
        }
        catch (OperationCanceledException)
        {
            // As planned.
        }

        return clock.PerStep;
    }

    /// <summary>Multiplications and additions of a step, a row of the batch.</summary>
    private static double Products(int rowWidth, int pac)
    {
        double generator = Width * NoiseWidth + Width * (Width + NoiseWidth) + rowWidth * (2 * Width + NoiseWidth);
        double byInputs = rowWidth * 2 * Width + Width * Width;

        // W1: real and drawn rows, the penalty there and back, the drawn rows' gradient, and three for the weights. W2: three there, three back, one for
        // the penalty, three for the weights.
        return 2 * generator + byInputs + 8.0 * rowWidth * Width + 10.0 * Width * Width / pac;
    }

    /// <summary>GFLOP/s of a product of the step's size on one core, the best of some.</summary>
    private static double Rate(int rows)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        Tensor a = Matrices.Operand(randn(rows, 2 * Width)), b = Matrices.Operand(randn(2 * Width, Width));
        var best = double.MaxValue;
        for (var r = 0; r < 50; r++)
        {
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < 20; i++) a.matmul(b).Dispose();
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalSeconds / 20);
        }

        return 2.0 * rows * 2 * Width * Width / best / 1e9;
    }
}
