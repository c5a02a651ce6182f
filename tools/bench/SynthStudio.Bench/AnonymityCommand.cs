using System.Diagnostics;
using System.Globalization;
using SynthStudio.Tabular;

namespace SynthStudio.Bench;

/// <summary>Looks for sets of columns that tell the rows of a file, or of a made table, apart, and prints what it takes.</summary>
internal static class AnonymityCommand
{
    /// <summary>Distinct values of the made table's columns: sexes, months, regions, ages, towns, postal codes, days.</summary>
    private static readonly int[] Distinct = [2, 3, 5, 7, 9, 12, 12, 16, 25, 40, 80, 100, 400, 2500, 20_000];

    public static int Run(Arguments arguments)
    {
        var rows = int.Parse(arguments.Take("rows") ?? "1000000", CultureInfo.InvariantCulture);
        var most = int.Parse(arguments.Take("most-columns") ?? "3", CultureInfo.InvariantCulture);
        var threads = int.Parse(arguments.Take("threads") ?? "2", CultureInfo.InvariantCulture);
        var given = arguments.Take("data");
        var made = given is null ? Make(rows) : null;
        try
        {
            var clock = new RunClock();
            var options = new AnonymityOptions { MostColumns = most, Reading = new ReadOptions { Threads = threads } };
            var sets = AnonymitySearch.Find(made ?? given!, null, options);
            var (wall, processor) = clock.Lap();
            using var process = Process.GetCurrentProcess();
            Console.WriteLine($"{sets.Rows} rows, {sets.Examined.Count} columns, {sets.Counted} sets of up to {most}");
            Console.WriteLine($"seconds  {wall:N1}, processor {processor:N1}, {processor * 1e9 / ((double)sets.Counted * sets.Rows):N1} ns a row and set");
            Console.WriteLine($"memory   {process.PeakWorkingSet64 / 1e6:N0} MB at most");
            return 0;
        }
        finally
        {
            if (made is not null) File.Delete(made);
        }
    }

    private static string Make(int rows)
    {
        var path = Path.Combine(Path.GetTempPath(), $"anonymity-{Environment.ProcessId}.csv");
        var random = new Random(1);
        using var file = new StreamWriter(path);
        file.WriteLine(string.Join(',', Distinct.Select((_, c) => $"c{c}")));
        for (var row = 0; row < rows; row++)
        {
            // Some values more often than others, as in real columns.
            for (var c = 0; c < Distinct.Length; c++) file.Write($"{(c > 0 ? "," : "")}{(int)(Distinct[c] * random.NextDouble() * random.NextDouble())}");
            file.WriteLine();
        }

        return path;
    }
}
