using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SynthStudio.Bench.Quality;
using SynthStudio.Bench.Speed;

namespace SynthStudio.Bench;

/// <summary>Time and memory by rows and columns, each size in a process of its own, and their growth as ratios between sizes.</summary>
internal static class SpeedCommand
{
    public static int Run(Arguments args)
    {
        var methods = (args.Take("methods") ?? string.Join(',', MethodSpec.WithoutTerms)).Split(',').Select(MethodSpec.Parse).ToList();
        var rows = Numbers(args.Take("rows") ?? "1000,10000,100000");
        var columns = Numbers(args.Take("columns") ?? "10,40");
        var maxTime = args.Take("max-time") ?? "30";
        var score = args.Take("score") ?? "false";
        if (args.Take("alone") is not null)
        {
            var limit = TimeSpan.FromSeconds(double.Parse(maxTime, CultureInfo.InvariantCulture));
            Console.WriteLine(JsonSerializer.Serialize(SpeedRun.Measure(methods[0], rows[0], columns[0], limit, bool.Parse(score))));
            return 0;
        }

        var record = args.Take("record") ?? RecordFile.Default("speed", maxTime);
        var results = File.Exists(record) ? File.ReadLines(record).Select(line => JsonSerializer.Deserialize<SpeedResult>(line)!).ToList() : [];
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(record))!);
        foreach (var (method, r, c) in from method in methods from c in columns from r in rows select (method, r, c))
        {
            if (Find(results, method.Text, r, c) is not null) continue;
            var line = Alone(method.Text, r, c, maxTime, score);
            File.AppendAllText(record, line + "\n");
            results.Add(JsonSerializer.Deserialize<SpeedResult>(line)!);
            Console.Error.WriteLine(results[^1]);
        }

        Console.WriteLine(SpeedMarkdown.Of(results, [.. methods.Select(m => m.Text)], maxTime));
        return 0;
    }

    /// <summary>A process of its own: peak memory is that of this size.</summary>
    private static string Alone(string method, int rows, int columns, string maxTime, string score)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (var argument in (string[])
            ["speed", "--alone", "true", "--methods", method, "--rows", $"{rows}", "--columns", $"{columns}", "--max-time", maxTime, "--score", score])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]
            : throw new InvalidOperationException($"{method} on {rows} x {columns} ended with {process.ExitCode}");
    }

    private static SpeedResult? Find(List<SpeedResult> results, string method, int rows, int columns) =>
        results.Find(r => r.Method == method && r.Rows == rows && r.Columns == columns);

    private static List<int> Numbers(string text) => [.. text.Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).Order()];
}
