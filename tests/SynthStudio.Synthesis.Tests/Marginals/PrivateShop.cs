using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.Marginals;
using SynthStudio.Synthesis.Private;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Marginals;

/// <summary>A small table with a declared domain, and private trainings on it.</summary>
internal static class PrivateShop
{
    public static readonly TableSchema Schema = SchemaOf(new Dictionary<string, ColumnDomain>
    {
        ["id"] = new() { Kind = ColumnKind.Identifier, Nullable = false },
        ["region"] = new() { Kind = ColumnKind.Categorical, Values = ["north", "south", "east", "other"] },
        ["age"] = new() { Kind = ColumnKind.Integer, Min = 18, Max = 97, Bins = 8, Nullable = false },
        ["spent"] = new() { Kind = ColumnKind.Decimal, DecimalPlaces = 2, Min = 0, Max = 1000, Bins = 10 },
        ["since"] = new() { Kind = ColumnKind.Date, Format = "dd.MM.yyyy", Min = 0, Max = 86_400 * 3650, Bins = 5, Nullable = false },
        ["member"] = new() { Kind = ColumnKind.Boolean, Values = ["no", "yes"], Nullable = false },
    });

    /// <summary>Rows in which age follows the region, and membership and spending follow age.</summary>
    public static Table Rows(int rows, long seed = 1, TableSchema? schema = null)
    {
        var random = new SeededStream(seed, StreamPurpose.Codec, 5);
        var made = Enumerable.Range(0, rows).Select(i =>
        {
            var region = random.NextInt(3);
            var age = 18 + region * 20 + random.NextInt(25);
            var member = random.NextDouble() < age / 100.0;
            return new object?[]
            {
                $"k{i}", new[] { "north", "south", "east" }[region], (double)age, random.NextDouble() < 0.1 ? double.NaN : Math.Round(age * 8 + 100 * random.NextDouble(), 2),
                86_400.0 * random.NextInt(3650), member ? "yes" : "no",
            };
        }).ToList();
        return TableOf(made, schema ?? Schema);
    }

    /// <summary>The rows as a table whose dictionaries are in the order of first appearance, as a reader makes them.</summary>
    public static Table TableOf(IReadOnlyList<object?[]> rows, TableSchema schema) => new(schema, [.. schema.Columns.Select((column, c) =>
    {
        if (column.IsNumeric) return (Column)new NumericColumn(column, [.. rows.Select(r => (double)r[c]!)]);
        var values = rows.Select(r => (string?)r[c]).OfType<string>().Distinct().ToArray();
        return new CodedColumn(column, [.. rows.Select(r => r[c] is null ? CodedColumn.Missing : Array.IndexOf(values, (string)r[c]!))], values);
    })]);

    /// <summary>A row of the table, or a hostile one, as an object array.</summary>
    public static List<object?[]> RowsOf(Table table) => [.. Enumerable.Range(0, table.RowCount).Select(row =>
        table.Columns.Select(c => c is NumericColumn n ? (object?)n.Values[row] : ((CodedColumn)c).Text(row)).ToArray())];

    public static ITabularModel Train(
        MarginalSynthesizer method, Table table, double epsilon = 1, ITrainingObserver? observer = null,
        PrivacyTerms? terms = null, long seed = 1) =>
        PrivateTraining.Fit(
            method, table, new FitRequest { Seed = seed, Threads = 1, Privacy = terms ?? new PrivacyTerms { Epsilon = epsilon, Delta = 1e-6, Rows = 2_000 } },
            observer ?? new Observer(), CancellationToken.None);

    public static MarginalSynthesizer Method(string name, Func<SecureBits> bits, TimeProvider? time = null) => name switch
    {
        "mst" => new MstSynthesizer(bits, time),
        "tree" => new CliqueTreeSynthesizer(bits, time),
        _ => new AimSynthesizer(bits, time),
    };

    private static TableSchema SchemaOf(Dictionary<string, ColumnDomain> domains) =>
        new() { Columns = [.. domains.Select(d => d.Value.Schema(d.Key))], Domains = domains, Target = "member", Task = LearningTask.Binary };
}
