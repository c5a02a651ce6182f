using System.Globalization;
using System.Text;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Tests;

/// <summary>Made-up people whose columns of every kind depend on each other, with missing values.</summary>
internal static class People
{
    private static readonly string[] Cities = ["Graz", "Linz", "Wien", "Lech", "Ulm"];

    public static TableSchema Schema { get; } = new()
    {
        Columns =
        [
            Column("age", ColumnKind.Integer),
            Column("income", ColumnKind.Decimal),
            Column("city", ColumnKind.Categorical),
            Column("rooms", ColumnKind.Categorical),
            Column("owns", ColumnKind.Boolean),
            Column("joined", ColumnKind.DateTime),
            Column("rich", ColumnKind.Categorical),
        ],
        Target = "rich",
        Task = LearningTask.Binary,
    };

    /// <summary>Fresh people; the same seed makes the same ones.</summary>
    public static Table Make(int count, int seed)
    {
        var random = new Random(seed);
        var (age, income, joined) = (new double[count], new double[count], new double[count]);
        var (city, rooms, owns, rich) = (new int[count], new int[count], new int[count], new int[count]);
        for (var i = 0; i < count; i++)
        {
            age[i] = 18 + Math.Floor(Math.Pow(random.NextDouble(), 1.5) * 60);
            city[i] = (int)(Math.Pow(random.NextDouble(), 2) * Cities.Length);
            var wealth = (age[i] / 10) + city[i] + (2 * Normal(random));
            income[i] = random.NextDouble() < 0.1 ? double.NaN : Math.Round(900 + (300 * Math.Exp(wealth / 6)), 2);
            rooms[i] = random.NextDouble() < 0.05 ? CodedColumn.Missing : Math.Clamp((int)(wealth / 2), 0, 5);
            owns[i] = wealth + Normal(random) > 6 ? 1 : 0;
            joined[i] = 1_500_000_000 + Math.Floor(random.NextDouble() * 1e8);
            rich[i] = wealth + Normal(random) > 8 ? 1 : 0;
        }

        return Table(
            Numbers("age", age),
            Numbers("income", income),
            Codes("city", city, Cities),
            Codes("rooms", rooms, ["0", "1", "2", "3", "4", "5"]),
            Codes("owns", owns, ["false", "true"]),
            Numbers("joined", joined),
            Codes("rich", rich, ["no", "yes"]));
    }

    /// <summary>The table with every column shuffled on its own: right columns, no dependence.</summary>
    public static Table ShuffleColumns(Table table, int seed)
    {
        var random = new Random(seed);
        return new Table(table.Schema, [.. table.Columns.Select(column =>
        {
            var rows = Enumerable.Range(0, table.RowCount).ToArray();
            random.Shuffle(rows);
            return column.Take(rows);
        })]);
    }

    /// <summary>The table with one column replaced by another of its name.</summary>
    public static Table With(Table table, Column replacement) =>
        new(table.Schema, [.. table.Columns.Select(column => column.Name == replacement.Name ? replacement : column)]);

    /// <summary>The table as comma-separated text, in the spelling of Python scripts.</summary>
    public static string ToCsv(Table table)
    {
        var text = new StringBuilder(string.Join(',', table.Columns.Select(column => column.Name))).Append('\n');
        for (var row = 0; row < table.RowCount; row++)
        {
            text.AppendJoin(',', table.Columns.Select(column => Cell(column, row))).Append('\n');
        }

        return text.ToString();
    }

    public static NumericColumn Numbers(string name, double[] values) => new(Schema.Columns.Single(c => c.Name == name), values);

    public static CodedColumn Codes(string name, int[] codes, string[] values) => new(Schema.Columns.Single(c => c.Name == name), codes, values);

    private static string Cell(Column column, int row) => column switch
    {
        _ when column.IsMissing(row) => "",
        NumericColumn { Schema.Kind: ColumnKind.DateTime } moments =>
            DateTime.UnixEpoch.AddSeconds(moments.Values[row]).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        NumericColumn numbers => numbers.Values[row].ToString(CultureInfo.InvariantCulture),
        CodedColumn codes => codes.Text(row)!,
        _ => throw new InvalidOperationException(),
    };

    private static Table Table(params Column[] columns) => new(Schema, columns);

    private static ColumnSchema Column(string name, ColumnKind kind) => new() { Name = name, Kind = kind };

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
