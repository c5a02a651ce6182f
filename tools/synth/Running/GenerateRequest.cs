namespace SynthStudio.Cli.Running;

/// <summary>Which rows <c>synth generate</c> is to draw, checked.</summary>
/// <param name="Rows">At least 1.</param>
/// <param name="Seed">Equal seeds draw equal rows.</param>
/// <param name="Given">Exact values by column.</param>
/// <param name="Missing">Columns that are missing in every row.</param>
/// <param name="Temperature">1 is the learned distribution.</param>
/// <param name="Output">The CSV file to write.</param>
internal sealed record GenerateRequest(
    long Rows, long Seed, IReadOnlyDictionary<string, string> Given, IReadOnlyList<string> Missing, double Temperature, FileInfo Output);
