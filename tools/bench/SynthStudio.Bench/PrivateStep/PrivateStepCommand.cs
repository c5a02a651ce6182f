using System.Globalization;
using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.Autoregressive;
using SynthStudio.Synthesis.DpAutoregressive;
using SynthStudio.Synthesis.DpSgd;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;

namespace SynthStudio.Bench.PrivateStep;

/// <summary>
/// One step of private training against an ordinary one: the same network, records, batch and optimiser in the same process, in turns, so that a busy
/// machine slows both alike. Memory is the growth of the process's peak over its size before.
/// </summary>
internal static class PrivateStepCommand
{
    private const int Rows = 20_000, Columns = 15, Cells = 28, WarmUpSteps = 30;

    public static int Run(Arguments args)
    {
        int Number(string name, int usual) => args.Take(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
        var (width, blocks, batch, threads) = (Number("width", 128), Number("blocks", 1), Number("batch", 256), Number("threads", 2));
        var (steps, rounds) = (Number("steps", 40), Number("rounds", 5));
        var bench = new Bench(width, blocks, batch, threads);
        if (args.Take("only") is { } only)
        {
            // For a profiler: one kind of step and nothing else.
            var alone = bench.Run(only == "private", steps);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{only} {alone.Wall:f2} ms, cpu {alone.Cpu:f2} ms a step, +{alone.Growth:f1} MB to {alone.Peak:f0} MB"));
            return 0;
        }

        // The runtime compiles what is called often a second time, better: a training of hundreds of steps hardly sees the first.
        bench.Run(isPrivate: false, WarmUpSteps);
        bench.Run(isPrivate: true, WarmUpSteps);
        var ratios = new List<(double Wall, double Cpu, double Memory)>();
        for (var round = 0; round < rounds; round++)
        {
            var (plain, dp) = (bench.Run(false, steps), bench.Run(true, steps));
            ratios.Add((dp.Wall / plain.Wall, dp.Cpu / plain.Cpu, dp.Peak / plain.Peak));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"ordinary {plain.Wall:f2} ms, cpu {plain.Cpu:f2} ms, +{plain.Growth:f1} MB to {plain.Peak:f0} MB; private {dp.Wall:f2} ms, cpu {dp.Cpu:f2} ms, +{dp.Growth:f1} MB to {dp.Peak:f0} MB a step"));
        }

        static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"private / ordinary: wall {Median(ratios.Select(r => r.Wall)):f3}, cpu {Median(ratios.Select(r => r.Cpu)):f3}, peak memory {Median(ratios.Select(r => r.Memory)):f3}"));
        return 0;
    }

    private sealed class Bench
    {
        private readonly NetworkShape shape;
        private readonly ushort[][] cells;
        private readonly ComputeDevice device;
        private readonly double sampleRate;

        public Bench(int width, int blocks, int batch, int threads)
        {
            var schema = new ColumnSchema { Name = "c", Kind = ColumnKind.Categorical };
            var codec = new CategoryCodec(schema, [.. Enumerable.Range(0, Cells).Select(c => $"v{c}")], [.. Enumerable.Repeat(100L, Cells)], 0, 0);
            shape = new NetworkShape(new TokenLayout([.. Enumerable.Repeat(codec.Layout, Columns)]), width, blocks);
            cells = [.. Enumerable.Range(0, Columns).Select(
                c => Enumerable.Range(0, Rows).Select(row => (ushort)((row * (c + 3) + row / 7) % Cells)).ToArray())];
            device = ComputeDevice.Resolve(SynthStudio.Synthesis.Device.Cpu, threads);
            sampleRate = (double)batch / Rows;
        }

        public (double Wall, double Cpu, double Growth, double Peak) Run(bool isPrivate, int steps)
        {
            // So long a training that its first milestone is never passed.
            const int planned = 100_000;
            using var end = new CancellationTokenSource();
            using var coins = new SecureKeystream();
            var batch = new PoissonBatch(Rows, 2, sampleRate, coins);
            var layout = shape.Parameters;
            var order = Enumerable.Range(0, Columns).ToArray();
            DpAutoregressiveRecords Bind() => new(shape, cells, order, 0.25, device.Torch);
            var release = new GradientRelease(layout.Groups[0], 1, 1, sampleRate * Rows);
            var privatePlan = new PrivatePlan
            {
                Epsilon = 1, Delta = 1e-5, Before = [], SampleRate = sampleRate, Steps = planned,
                RecordsPerUnit = 1, ExpectedRecords = sampleRate * Rows, ClipNorm = 1,
            };
            var privacy = isPrivate ? new PrivateSteps(privatePlan.Calibrated(), 0, batch, release).Foretold() : null;
            ITrainable trainable = isPrivate
                ? new PrivateTrainable(layout, shape.Initial(1), 2, batch, release.RecordNorm, Bind)
                : new PlainTrainable(layout, shape.Initial(1), 2, batch, Bind);
            var plan = new TrainingPlan
            {
                Steps = planned, BatchRows = (int)(sampleRate * Rows), TrainingRows = Rows,
                LearningRate = 1e-3, ValidateEvery = long.MaxValue,
            };
            var loop = new TrainingLoop(trainable, plan, device, null, default(CheckpointSchedule), TimeProvider.System, privacy);
            var observer = new StepClock(isPrivate ? null : batch, steps, end);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            var before = PeakMemory.Current();
            PeakMemory.Reset();
            try
            {
                loop.Run(observer, end.Token);
            }
            catch (OperationCanceledException)
            {
                // As planned.
            }

            var peak = PeakMemory.Peak();
            return (observer.PerStep.Wall, observer.PerStep.Cpu, peak - before, peak);
        }
    }
}
