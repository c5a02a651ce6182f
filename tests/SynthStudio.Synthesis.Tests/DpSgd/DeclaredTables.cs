using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.DpSgd;

/// <summary>Made tables with the declarations that private methods live on.</summary>
internal static class DeclaredTables
{
    /// <summary><see cref="TestTables.Shop"/>, declared.</summary>
    public static Table Shop(int rows, long seed = 1) => Declare(TestTables.Shop(rows, seed), new()
    {
        ["colour"] = new() { Kind = ColumnKind.Categorical, Nullable = false, Values = ["red", "green", "blue"] },
        ["size"] = new() { Kind = ColumnKind.Categorical, Nullable = false, Values = ["small", "medium", "large"] },
        ["flag"] = new() { Kind = ColumnKind.Boolean, Nullable = false, Values = ["no", "yes"] },
        ["amount"] = new() { Kind = ColumnKind.Decimal, DecimalPlaces = 2, Nullable = false, Min = 0, Max = 500 },
        ["day"] = new() { Kind = ColumnKind.Date, Min = 86_400.0 * 17_900, Max = 86_400.0 * 18_600 },
        ["pieces"] = new() { Kind = ColumnKind.Integer, Nullable = false, Min = 0, Max = 10 },
    });

    /// <summary>Two columns: a plan, 70, 20 and 10 % of the rows, and whether it is paid, 80 % of the first and 30 % of the others.</summary>
    public static Table Plans(int rows)
    {
        var random = new Random(4);
        var plans = Enumerable.Range(0, rows).Select(i => i % 10 < 7 ? "basic" : i % 10 < 9 ? "plus" : "pro").ToArray();
        return Declare(
            TestTables.Make(
                TestTables.Coded("plan", ColumnKind.Categorical, plans),
                TestTables.Coded("paid", ColumnKind.Boolean, plans.Select(plan => random.NextDouble() < (plan == "basic" ? 0.8 : 0.3) ? "yes" : "no"))),
            new()
            {
                ["plan"] = new() { Kind = ColumnKind.Categorical, Nullable = false, Values = ["basic", "plus", "pro"] },
                ["paid"] = new() { Kind = ColumnKind.Boolean, Nullable = false, Values = ["no", "yes"] },
            });
    }

    public static Table Declare(Table table, Dictionary<string, ColumnDomain> domains) => new(table.Schema with { Domains = domains }, [.. table.Columns]);
}
