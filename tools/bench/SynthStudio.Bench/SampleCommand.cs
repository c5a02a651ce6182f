using System.Diagnostics;
using System.Globalization;
using SynthStudio.Synthesis;
using SynthStudio.Tabular;

namespace SynthStudio.Bench;

/// <summary>Draws from a model package: rows a second, processor seconds, and the share that writing CSV takes.</summary>
internal static class SampleCommand
{
    public static int Run(Arguments args)
    {
        var file = args.Take("model") ?? throw new ArgumentException("--model is missing");
        var rows = long.Parse(args.Take("rows") ?? "100000", CultureInfo.InvariantCulture);
        var threads = int.Parse(args.Take("threads") ?? "0", CultureInfo.InvariantCulture);
        var repeats = int.Parse(args.Take("repeats") ?? "2", CultureInfo.InvariantCulture);
        var output = args.Take("out");

        var clock = Stopwatch.StartNew();
        using var package = File.OpenRead(file);
        using var model = Synthesizers.Load(package, threads: threads);
        Console.WriteLine($"load: {clock.Elapsed.TotalSeconds:f2} s");
        for (var repeat = 0; repeat < repeats; repeat++) Draw(model, rows, output);
        return 0;
    }

    private static void Draw(ITabularModel model, long rows, string? output)
    {
        using var process = Process.GetCurrentProcess();
        var (clock, cpu) = (Stopwatch.StartNew(), process.TotalProcessorTime);
        using var target = output is null ? Stream.Null : File.Create(output);
        using var writer = new TableWriter(target, model.Schema);
        TimeSpan? first = null;
        var writing = TimeSpan.Zero;
        foreach (var chunk in model.Sample(new SampleRequest { Rows = rows, Seed = 1, ChunkRows = 16_384 }, CancellationToken.None))
        {
            first ??= clock.Elapsed;
            var began = clock.Elapsed;
            writer.Write(chunk);
            writing += clock.Elapsed - began;
        }

        process.Refresh();
        Console.WriteLine($"sample: {rows} rows, first {first!.Value.TotalMilliseconds:f0} ms, wall {clock.Elapsed.TotalSeconds:f2} s = "
            + $"{rows / clock.Elapsed.TotalSeconds:f0} rows/s; cpu {(process.TotalProcessorTime - cpu).TotalSeconds:f2} s = "
            + $"{rows / (process.TotalProcessorTime - cpu).TotalSeconds:f0} rows per cpu second; CSV {writing.TotalSeconds:f2} s; "
            + $"peak memory {process.PeakWorkingSet64 >> 20} MB");
    }
}
