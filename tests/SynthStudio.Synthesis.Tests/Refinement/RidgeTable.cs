using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Refinement;

/// <summary>A table with what networks are slow to learn: an amount that is often paid to the cent and else nearly.</summary>
internal static class RidgeTable
{
    /// <summary>Columns plan (independent), bill, paid (bill, or within 2 % of it), other (independent, of the same unit).</summary>
    public static Table Make(int rows, long seed = 1)
    {
        var random = new SeededStream(seed, StreamPurpose.Codec, 2_000);
        var (bill, paid, other) = (new double[rows], new double[rows], new double[rows]);
        var plan = new string[rows];
        for (var row = 0; row < rows; row++)
        {
            plan[row] = random.NextInt(3) == 0 ? "prepaid" : "contract";
            bill[row] = Math.Round(100 * Math.Exp(random.NextGaussian()), 2);
            paid[row] = random.NextDouble() < 0.4 ? bill[row] : Math.Round(bill[row] * (1 + 0.02 * random.NextGaussian()), 2);
            other[row] = Math.Round(100 * Math.Exp(random.NextGaussian()), 2);
        }

        return TestTables.Make(
            TestTables.Coded("plan", ColumnKind.Categorical, plan),
            TestTables.Numbers("bill", ColumnKind.Decimal, bill, 2),
            TestTables.Numbers("paid", ColumnKind.Decimal, paid, 2),
            TestTables.Numbers("other", ColumnKind.Decimal, other, 2));
    }

    /// <summary>The share of the rows in which the bill is paid to within 5 %.</summary>
    public static double PaidShare(Table table)
    {
        var (bill, paid) = (((NumericColumn)table["bill"]).Values, ((NumericColumn)table["paid"]).Values);
        return bill.Zip(paid).Count(pair => Math.Abs(pair.Second / pair.First - 1) < 0.05) / (double)table.RowCount;
    }

    /// <summary>
    /// A model whose network was hardly trained: it draws every column alone, with the right distribution, so that only refinement can put
    /// columns together.
    /// </summary>
    public static ITabularModel Untrained(Table table, bool refine, long seed = 1, int threads = 2) => Synthesizers.Get("autoregressive").Fit(
        table,
        new FitRequest
        {
            Seed = seed, Threads = threads, Device = Device.Cpu,
            Options = new Dictionary<string, string>(AutoregressiveTests.Small(1)) { ["refine"] = refine ? "true" : "false" },
        },
        new Observer(),
        CancellationToken.None);
}
