using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Bench.Speed;

/// <summary>A made table of any size: every other column is a number, the rest are categories, all leaning on one hidden variable.</summary>
internal static class SpeedTable
{
    private const int Categories = 12;

    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="chunk">Other chunks have other rows of the same distribution.</param>
    public static Table Make(int rows, int columns, int chunk = 0)
    {
        var hidden = new double[rows];
        var random = new SeededStream(1 + chunk, StreamPurpose.Codec, 0);
        for (var row = 0; row < rows; row++) hidden[row] = random.NextGaussian();
        var made = Enumerable.Range(0, columns).Select(c => c % 2 == 0 ? (Column)Numbers(hidden, c, chunk) : Texts(hidden, c, chunk)).ToArray();
        return new Table(new TableSchema { Columns = [.. made.Select(column => column.Schema)] }, made);
    }

    private static NumericColumn Numbers(double[] hidden, int column, int chunk)
    {
        var random = new SeededStream(1 + chunk, StreamPurpose.Codec, column + 1);
        var values = Array.ConvertAll(hidden, z => Math.Round(100 * (0.7 * z + 0.7 * random.NextGaussian()), 2));
        return new NumericColumn(new ColumnSchema { Name = $"number{column}", Kind = ColumnKind.Decimal, DecimalPlaces = 2 }, values);
    }

    private static CodedColumn Texts(double[] hidden, int column, int chunk)
    {
        var random = new SeededStream(1 + chunk, StreamPurpose.Codec, column + 1);
        var codes = Array.ConvertAll(hidden, z => Math.Clamp((int)(Categories / 2 + 2 * (0.7 * z + 0.7 * random.NextGaussian())), 0, Categories - 1));
        return new CodedColumn(
            new ColumnSchema { Name = $"category{column}", Kind = ColumnKind.Categorical }, codes, [.. Enumerable.Range(0, Categories).Select(i => $"c{i}")]);
    }
}
