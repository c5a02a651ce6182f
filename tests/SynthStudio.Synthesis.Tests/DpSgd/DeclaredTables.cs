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

    public static Table Declare(Table table, Dictionary<string, ColumnDomain> domains) => new(table.Schema with { Domains = domains }, [.. table.Columns]);
}
