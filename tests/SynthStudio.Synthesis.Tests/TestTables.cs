using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

/// <summary>Small tables made on the spot.</summary>
internal static class TestTables
{
    /// <summary>
    /// A joint that is known: colour decides size with probability .9, amount is a decimal around 100 times the size's number, day a date
    /// with missing values where flag is false.
    /// </summary>
    public static Table Shop(int rows, long seed = 1)
    {
        var random = new SeededStream(seed, StreamPurpose.Codec, 1_000);
        string[] colours = ["red", "green", "blue"], sizes = ["small", "medium", "large"];
        int[] colour = new int[rows], size = new int[rows], flag = new int[rows];
        double[] amount = new double[rows], day = new double[rows], pieces = new double[rows];
        for (var i = 0; i < rows; i++)
        {
            colour[i] = random.NextInt(3);
            size[i] = random.NextDouble() < 0.9 ? colour[i] : random.NextInt(3);
            flag[i] = random.NextInt(2);
            amount[i] = Math.Round(100 * (size[i] + 1) + 10 * random.NextGaussian(), 2);
            day[i] = flag[i] == 0 ? double.NaN : 86_400.0 * (18_000 + random.NextInt(400));
            pieces[i] = random.NextInt(2) == 0 ? 0 : random.NextInt(9);
        }

        return Make(
            new CodedColumn(new() { Name = "colour", Kind = ColumnKind.Categorical }, colour, colours),
            new CodedColumn(new() { Name = "size", Kind = ColumnKind.Categorical }, size, sizes),
            new CodedColumn(new() { Name = "flag", Kind = ColumnKind.Boolean }, flag, ["no", "yes"]),
            new NumericColumn(new() { Name = "amount", Kind = ColumnKind.Decimal, DecimalPlaces = 2 }, amount),
            new NumericColumn(new() { Name = "day", Kind = ColumnKind.Date }, day),
            new NumericColumn(new() { Name = "pieces", Kind = ColumnKind.Integer }, pieces));
    }

    public static Table Make(params Column[] columns) => new(new TableSchema { Columns = [.. columns.Select(c => c.Schema)] }, columns);

    public static CodedColumn Coded(string name, ColumnKind kind, IEnumerable<string?> texts)
    {
        var all = texts.ToArray();
        var values = all.OfType<string>().Distinct().ToArray();
        return new CodedColumn(
            new() { Name = name, Kind = kind }, Array.ConvertAll(all, t => t is null ? CodedColumn.Missing : Array.IndexOf(values, t)), values);
    }

    public static NumericColumn Numbers(string name, ColumnKind kind, IEnumerable<double> values, int? places = null) =>
        new(new() { Name = name, Kind = kind, DecimalPlaces = places }, [.. values]);

    /// <summary>All rows as text, to compare tables.</summary>
    public static string Text(IEnumerable<Table> chunks) => string.Join('\n', chunks.SelectMany(chunk => Enumerable.Range(0, chunk.RowCount).Select(row =>
        string.Join('|', chunk.Columns.Select(column => column switch
        {
            CodedColumn coded => coded.Text(row) ?? "",
            NumericColumn numeric => numeric.Values[row].ToString("R", System.Globalization.CultureInfo.InvariantCulture),
            _ => throw new NotSupportedException(),
        })))));
}
