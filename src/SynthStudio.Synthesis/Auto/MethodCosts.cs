using SynthStudio.Synthesis.Autoregressive;
using SynthStudio.Synthesis.Cart;
using SynthStudio.Synthesis.Copula;

namespace SynthStudio.Synthesis.Auto;

/// <summary>What a training is expected to cost.</summary>
/// <param name="Method">The method.</param>
/// <param name="Time">Wall-clock time.</param>
/// <param name="MemoryBytes">Highest memory, the table included.</param>
internal sealed record MethodCost(string Method, TimeSpan Time, long MemoryBytes);

/// <summary>
/// Costs by the table's size. The constants are processor seconds measured by <c>tools/bench speed</c> and on public tables of 6,000 to
/// 24,000 rows, rounded up: an estimate is to be right within a factor of two and rather too long.
/// </summary>
internal static class MethodCosts
{
    /// <summary>Encoding a cell, and looking at one row and one pair of columns while a tree grows.</summary>
    private const double EncodeSeconds = 5e-7, TreeSeconds = 4e-7;

    /// <summary>One optimiser step of the network on 512 rows: so much, and so much more a column.</summary>
    private const double StepSeconds = 0.02, ColumnStepSeconds = 0.0022;

    /// <summary>Refining one cell of the rows that are looked at, a column before it.</summary>
    private const double RefineSeconds = 3e-6;

    /// <summary>One row and one pair of latent variables.</summary>
    private const double CovarianceSeconds = 3e-9;

    public static MethodCost Of(string method, TableFacts facts)
    {
        double rows = facts.Rows, columns = facts.Columns, cells = rows * columns;
        var seconds = method switch
        {
            CartSynthesizer.Name => TreeSeconds * rows * columns * Math.Min(columns, 80) / 2,
            CopulaSynthesizer.Name => Covariance(rows, facts.CategoryVariables + facts.Numbers),
            AutoregressiveSynthesizer.Name => Steps(rows, columns) * (StepSeconds + ColumnStepSeconds * columns) + Refinement(cells, columns),
            _ => throw new ArgumentException($"No costs are known of '{method}'.", nameof(method)),
        };
        var memory = Synthesizers.All.First(synthesizer => synthesizer.Method == method).Memory.Of(facts.RowsInMemory, columns);
        return new MethodCost(method, TimeSpan.FromSeconds(0.5 + (EncodeSeconds * cells + seconds) / Math.Min(facts.Threads, columns)), memory);
    }

    private static double Steps(double rows, double columns) => rows < 2_000 ? 400 : Math.Clamp((16 + columns) * rows / 512, 1_000, 3_000);

    private static double Refinement(double cells, double columns) => RefineSeconds * Math.Min(cells, 1e6) * Math.Min(columns, 40);

    private static double Covariance(double rows, double variables) =>
        CovarianceSeconds * Math.Min(rows, 4e7 / Math.Max(variables, 1)) * variables * variables + 2e-9 * variables * variables * variables;
}
