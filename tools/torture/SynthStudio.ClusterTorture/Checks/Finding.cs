namespace SynthStudio.ClusterTorture;

/// <summary>What came of looking after one promise.</summary>
/// <param name="Promise">What must hold.</param>
/// <param name="Looked">How many things were looked at.</param>
/// <param name="Broken">Where it does not hold.</param>
public sealed record Finding(string Promise, int Looked, IReadOnlyList<string> Broken)
{
    /// <summary>With what was looked at elsewhere.</summary>
    public Finding And(Finding other) => this with { Looked = Looked + other.Looked, Broken = [.. Broken, .. other.Broken] };
}

/// <summary>How long it took after faults of one kind.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Faults">How many hit something.</param>
/// <param name="Missed">How many struck nothing.</param>
/// <param name="Served">Times until a table that was uploaded after the fault was read, in order.</param>
/// <param name="Moved">Times until a training that was hit took steps of its optimiser again, in a new attempt, in order.</param>
public sealed record Recovery(FaultKind Kind, int Faults, int Missed, IReadOnlyList<TimeSpan> Served, IReadOnlyList<TimeSpan> Moved);

/// <summary>What a run came to.</summary>
/// <param name="Findings">A line a promise.</param>
/// <param name="Recoveries">A line a kind of fault.</param>
/// <param name="Load">What the users did, in words.</param>
/// <param name="Ends">How jobs ended, and how many of them.</param>
public sealed record Verdict(
    IReadOnlyList<Finding> Findings, IReadOnlyList<Recovery> Recoveries, IReadOnlyList<string> Load,
    IReadOnlyList<(string End, int Jobs)> Ends)
{
    public bool IsGood => Findings.All(f => f.Broken.Count == 0 && f.Looked > 0);

    /// <summary>Faults that hit something.</summary>
    public int Faults => Recoveries.Sum(r => r.Faults);

    /// <summary>The report, in Markdown.</summary>
    public override string ToString() => string.Join(
        Environment.NewLine,
        [
            .. Load, "", "| promise | looked at | broken |", "|---|---|---|",
            .. Findings.Select(f => $"| {f.Promise} | {f.Looked} | {(f.Looked == 0 ? "nothing to look at" : f.Broken.Count.ToString(System.Globalization.CultureInfo.InvariantCulture))} |"),
            .. Findings.SelectMany(f => f.Broken.Take(10).Select(b => $"  - {f.Promise}: {b}").Prepend("").Skip(f.Broken.Count > 0 ? 0 : 1)),
            "", "| how jobs ended | jobs |", "|---|---|", .. Ends.Select(e => $"| {e.End} | {e.Jobs} |"),
            "", "| fault | hit | struck nothing | serves again: median, max | hit trainings take steps again: number, median, max |", "|---|---|---|---|---|",
            .. Recoveries.Select(r => $"| {r.Kind} | {r.Faults} | {r.Missed} | {Text(r.Served)} | {(r.Moved.Count == 0 ? "" : $"{r.Moved.Count}: {Text(r.Moved)}")} |"),
        ]);

    private static string Text(IReadOnlyList<TimeSpan> times) =>
        times.Count == 0 ? "" : $"{times[times.Count / 2].TotalSeconds:0.0} s, {times[^1].TotalSeconds:0.0} s";
}
