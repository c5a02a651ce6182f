using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using SynthStudio.Cli.Progress;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary>What was used, as tables: of one project by month, or of one month by project.</summary>
internal static class UsageTables
{
    /// <summary>A line for each kind of jobs.</summary>
    /// <param name="first">What the first column is.</param>
    /// <param name="usage">By the first column.</param>
    public static void WriteJobs(string first, IEnumerable<(string First, IEnumerable<JobKindUsage> Kinds)> usage)
    {
        var table = new TextTable(first, "KIND", "JOBS", "TIME", "ON ACCELERATORS", "ROWS", "BYTES");
        foreach (var (name, kinds) in usage)
        {
            foreach (var kind in kinds)
                table.Add(
                    name, Names.Of(kind.Kind), Whole(kind.Jobs), Hours(kind.RunTime), Hours(kind.AcceleratorTime),
                    Whole(kind.Rows), Bytes.Short(kind.Bytes));
        }

        Console.WriteLine(table);
    }

    /// <summary>A line for each source that bytes came from, and one for all that were added, with those that jobs made.</summary>
    /// <param name="first">What the first column is.</param>
    /// <param name="usage">By the first column.</param>
    public static void WriteBytes(string first, IEnumerable<(string First, IEnumerable<ArrivalUsage> Arrivals, long Added)> usage)
    {
        var table = new TextTable(first, "ADDED BY", "TIMES", "BYTES");
        foreach (var (name, arrivals, added) in usage)
        {
            foreach (var came in arrivals) table.Add(name, came.Source, Whole(came.Arrivals), Bytes.Short(came.Bytes));
            if (added > 0) table.Add(name, "all, with jobs", "", Bytes.Short(added));
        }

        Console.WriteLine(table);
    }

    /// <summary>What was asked of language models, where anything was.</summary>
    /// <param name="first">What the first column is.</param>
    /// <param name="usage">By the first column.</param>
    public static void WriteAssistant(string first, IEnumerable<(string First, IEnumerable<AssistantUsage> Used)> usage)
    {
        var lines = usage.SelectMany(part => part.Used.Select(use => (part.First, Use: use))).ToList();
        if (lines.Count == 0) return;
        var table = new TextTable(first, "ASSISTANT", "QUESTIONS", "TOKENS ASKED", "ANSWERED");
        foreach (var (name, use) in lines) table.Add(name, use.Task, Whole(use.Questions), Whole(use.AskedTokens), Whole(use.AnsweredTokens));
        Console.WriteLine(table);
    }

    /// <summary>A number with its thousands apart.</summary>
    public static string Whole(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Hours(Duration time) => string.Create(CultureInfo.InvariantCulture, $"{time.ToTimeSpan().TotalHours:0.00} h");
}
