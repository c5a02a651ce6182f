using System.Text.RegularExpressions;

namespace SynthStudio.Compute;

/// <summary>
/// What a worker's standard error says of how it died. Before it was told anything, all of it: libraries that are missing name themselves. From then on only
/// what a runtime writes of its own accord, since an exception's message, or whatever a library prints, may hold data values: the rest is heard by nobody.
/// </summary>
internal sealed partial class LastWords
{
    private const int Kept = 6;
    private const int LongestLine = 300;

    private readonly Queue<string> lines = [];
    private volatile bool mayHoldValues;

    /// <summary>The worker is told of somebody's data from here on.</summary>
    public void Guard() => mayHoldValues = true;

    public void Hear(string? line)
    {
        if (line is null || (mayHoldValues ? Harmless(line) : line.Trim()) is not { Length: > 0 } words) return;

        lock (lines)
        {
            // The first line names the fault; frames beyond the nearest ones help nobody.
            if (lines.Count < Kept) lines.Enqueue(words.Length > LongestLine ? words[..LongestLine] : words);
        }
    }

    /// <summary>The lines in a row; empty when it said nothing of the kind.</summary>
    public string Tell()
    {
        lock (lines) return string.Join(" | ", lines);
    }

    private static string? Harmless(string line) =>
        Frame().IsMatch(line) ? line.Trim()
        : Thrown().Match(line) is { Success: true } thrown ? thrown.Value.Trim()
        : Native().Match(line) is { Success: true } native ? native.Value
        : null;

    /// <summary>A frame of .NET's stack trace.</summary>
    [GeneratedRegex(@"^\s+at [\w.<>`\[\],+|$]+\(")]
    private static partial Regex Frame();

    /// <summary>An exception that nobody caught, or the one behind it, up to its type.</summary>
    [GeneratedRegex(@"^(Unhandled exception\.| --->) [\w.+`]+")]
    private static partial Regex Thrown();

    /// <summary>What the runtimes of .NET, C and C++ say when they end a process.</summary>
    [GeneratedRegex(
        @"^(Fatal error\.|Out of memory\.|Stack overflow\.|Process terminated\.|Aborted|Segmentation fault|terminate called after throwing an instance of '[\w:]+'"
        + @"|terminate called without an active exception|malloc\(\): [a-z ()-]+|free\(\): [a-z ()-]+|double free or corruption|\*\*\* stack smashing detected \*\*\*)")]
    private static partial Regex Native();
}
