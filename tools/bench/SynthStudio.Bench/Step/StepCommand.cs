using System.Diagnostics;
using System.Globalization;
using SynthStudio.Bench.PrivateStep;
using SynthStudio.Bench.Quality;
using SynthStudio.Synthesis.Ctgan;
using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Bench.Step;

internal static class StepCommand
{
    public static int Run(Arguments args)
    {
        var threads = int.Parse(args.Take("threads") ?? "2", CultureInfo.InvariantCulture);
        var steps = int.Parse(args.Take("steps") ?? "200", CultureInfo.InvariantCulture);
        var rounds = int.Parse(args.Take("rounds") ?? "3", CultureInfo.InvariantCulture);
        var pac = int.Parse(args.Take("pac") ?? "2", CultureInfo.InvariantCulture);
        var device = ComputeDevice.Resolve(SynthStudio.Synthesis.Device.Cpu, threads);
        if (args.Take("products") is not null)
        {
            foreach (var (m, k, n) in new[] { (250, 160, 256), (500, 486, 256), (250, 384, 256), (250, 640, 160), (250, 512, 256), (256, 250, 320), (250, 256, 320), (125, 256, 256), (2000, 1024, 1024) })
            {
                Console.WriteLine($"{m}x{k}x{n}: f32 {Rate(m, k, n, false, false):f1}, f32 t {Rate(m, k, n, false, true):f1}, bf16 {Rate(m, k, n, true, false):f1}, bf16 t {Rate(m, k, n, true, true):f1} GFLOP/s");
            }
        }

        var folder = args.Take("data") ?? Environment.GetEnvironmentVariable("SYNTHSTUDIO_TEST_DATA")!;
        var (table, _) = BenchTable.Find(folder, [args.Take("table") ?? "adult"])[0].Read();
        var codec = MixedCodec.Fit(table, 1, protectRare: true);
        var rows = codec.Encode(table, 1);
        var split = RowSplit.Draw(table.RowCount, 1);
        var layout = new MixedLayout(codec.Columns);
        var shape = new CtganShape(layout, new ConditionLayout(layout, logFrequency: false), new CtganSizes(256, 256, 128, pac));
        Console.WriteLine($"{layout.Scalars} scalars, {layout.Tokens} symbols, {shape.Conditions.Count} conditions, {shape.Parameters.Count} parameters");
        for (var round = 0; round < rounds; round++)
        {
            using var end = new CancellationTokenSource();
            var plan = new TrainingPlan
            {
                Steps = 100_000, BatchRows = 500, TrainingRows = split.Training.Length, LearningRate = 1e-3, Betas = (0.5, 0.9), WeightDecay = 1e-6,
                GradientClip = double.PositiveInfinity, ValidateEvery = long.MaxValue,
            };
            var trainer = new CtganTrainer(shape, rows, split, new CtganBatches(500, 2, 1, 1));
            var loop = new TrainingLoop(trainer, plan, device, null, TimeSpan.MaxValue, TimeProvider.System);
            var clock = new StepClock(null, steps, end);
            try
            {
                loop.Run(clock, end.Token);
            }
            catch (OperationCanceledException)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.PerStep.Wall:f2} ms, cpu {clock.PerStep.Cpu:f2} ms a step"));
            }
        }

        return 0;
    }

    private static double Rate(int m, int k, int n, bool half, bool transposed)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var a = randn(m, k);
        var b = transposed ? randn(n, k) : randn(k, n);
        if (half) (a, b) = (a.to(ScalarType.BFloat16), b.to(ScalarType.BFloat16));
        if (transposed) b = b.t();
        var best = double.MaxValue;
        for (var r = 0; r < 20; r++)
        {
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < 20; i++) a.matmul(b).Dispose();
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalSeconds / 20);
        }

        return 2.0 * m * k * n / best / 1e9;
    }
}
