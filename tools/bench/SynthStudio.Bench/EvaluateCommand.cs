using System.Diagnostics;
using System.Globalization;
using SynthStudio.Bench.Quality;
using SynthStudio.Evaluation;
using SynthStudio.Evaluation.Attacks;
using SynthStudio.Evaluation.Reporting;
using SynthStudio.Tabular;

namespace SynthStudio.Bench;

/// <summary>Scores a synthetic file beside a split table, prints what every part took, and writes the report.</summary>
internal static class EvaluateCommand
{
    public static int Run(Arguments args)
    {
        if (args.Take("report-schema") is { } schema)
        {
            File.WriteAllText(schema, ReportSchema.ToJson());
            return 0;
        }

        var folder = args.Take("data") ?? Environment.GetEnvironmentVariable("SYNTHSTUDIO_TEST_DATA")
            ?? throw new ArgumentException("--data is missing, and SYNTHSTUDIO_TEST_DATA is not set");
        var (train, holdout) = BenchTable.Find(folder, [args.Take("table") ?? "adult"])[0].Read();
        var synthetic = args.Take("synthetic") is { } file
            ? TableReader.ReadAs(file, train.Schema, options: new ReadOptions { InvalidValuesAreMissing = true })
            : holdout;
        var options = new EvaluationOptions
        {
            Attacks = Enum.Parse<PrivacyAttacks>(args.Take("attacks") ?? "Fast", ignoreCase: true),
            Seed = int.Parse(args.Take("seed") ?? "0", CultureInfo.InvariantCulture),
        };
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"read",-20} {self.TotalProcessorTime.TotalSeconds,7:0.0} s of processor time, peak {self.PeakWorkingSet64 / 1e6,6:0} MB"));
        var report = Evaluator.Evaluate(train, synthetic, holdout, options, new MemoryProgress(self));
        foreach (var (part, seconds) in report.Seconds)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{part,-20} {seconds,7:0.00} s"));
        }

        self.Refresh();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"processor {self.TotalProcessorTime.TotalSeconds:0.0} s, peak memory {self.PeakWorkingSet64 / 1e6:0} MB"));
        if (args.Take("json") is { } json) File.WriteAllText(json, report.ToJson());
        if (args.Take("html") is { } html) File.WriteAllText(html, report.ToHtml());
        return 0;
    }

    /// <summary>Prints what is used after each part.</summary>
    private sealed class MemoryProgress(Process self) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value)
        {
            self.Refresh();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"after {value.Part,-20} {self.TotalProcessorTime.TotalSeconds,7:0.0} s of processor time, {self.WorkingSet64 / 1e6,6:0} MB, peak {self.PeakWorkingSet64 / 1e6,6:0} MB"));
        }
    }
}
