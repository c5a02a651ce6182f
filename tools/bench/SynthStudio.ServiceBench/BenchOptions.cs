namespace SynthStudio.ServiceBench;

/// <summary>What the measurements share.</summary>
/// <param name="Table">A CSV file to train on; null makes one up.</param>
internal sealed record BenchOptions(string? Table);

/// <summary>One row of the result table.</summary>
internal sealed record Measured(string What, string Value, string Least, string Aim)
{
    public override string ToString() => $"| {What} | {Value} | {Least} | {Aim} |";
}
