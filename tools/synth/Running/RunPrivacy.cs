using SynthStudio.V1;

namespace SynthStudio.Cli.Running;

/// <summary>What a private run promises.</summary>
/// <param name="Epsilon">As the model states it.</param>
/// <param name="Delta">The same.</param>
/// <param name="Unit">Whom it protects: row, or the unit column.</param>
/// <param name="MaxRowsPerUnit">Rows of one unit that were used, at most.</param>
/// <param name="Declared">What was declared.</param>
/// <param name="Bought">What was bought from the budget.</param>
/// <param name="Outside">What the promise does not cover.</param>
internal sealed record RunPrivacy(
    double Epsilon, double Delta, string Unit, int MaxRowsPerUnit, IReadOnlyList<string> Declared, IReadOnlyList<string> Bought, IReadOnlyList<string> Outside)
{
    private const string Report = "report.json is computed from the real rows without noise: keep it inside";

    /// <summary>As the generator states; null without a promise.</summary>
    public static RunPrivacy? Of(Generator generator) => generator.Privacy is { Guaranteed: true, Epsilon: > 0 } said
        ? new RunPrivacy(said.Epsilon, said.Delta, said.Unit, said.MaxRowsPerUnit, [.. said.Declared], [.. said.Bought], [.. said.Outside, Report])
        : null;
}
