using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Tests;

/// <summary>Training rows put into a table in the place of its own.</summary>
internal static class Planted
{
    /// <param name="safe">The table whose first rows are replaced.</param>
    /// <param name="train">Where the rows come from, with the same categories.</param>
    /// <param name="share">Share of rows that are replaced.</param>
    /// <param name="noise">Greatest change of a number, as a share of its range.</param>
    public static Table Leak(Table safe, Table train, double share, double noise)
    {
        var random = new Random(17);
        var count = (int)(share * safe.RowCount);
        int[] sources = [.. Enumerable.Range(0, train.RowCount)];
        random.Shuffle(sources);
        return new Table(safe.Schema, [.. safe.Columns.Select(column => Replace(column, train[column.Name], sources[..count], noise, random))]);
    }

    /// <summary>The table with row i replaced by row <c>rows[i]</c> of another one with the same categories, where that is not negative.</summary>
    public static Table Replace(Table table, Table other, int[] rows) => new(table.Schema, [.. table.Columns.Select(column => (Column)(column switch
    {
        NumericColumn numbers => new NumericColumn(
            column.Schema, [.. numbers.Values.Select((v, i) => rows[i] < 0 ? v : ((NumericColumn)other[column.Name]).Values[rows[i]])]),
        CodedColumn coded => new CodedColumn(
            column.Schema,
            [.. coded.Codes.Select((c, i) => rows[i] < 0 ? c : ((CodedColumn)other[column.Name]).Codes[rows[i]])], coded.Values),
        _ => throw new ArgumentException($"{column.Name} is of no known kind.", nameof(table)),
    }))]);

    private static Column Replace(Column column, Column train, int[] sources, double noise, Random random)
    {
        if (column is NumericColumn numbers)
        {
            var (values, from) = ((double[])numbers.Values.Clone(), ((NumericColumn)train).Values);
            var range = from.Where(v => !double.IsNaN(v)).Max() - from.Where(v => !double.IsNaN(v)).Min();
            for (var i = 0; i < sources.Length; i++) values[i] = from[sources[i]] + (noise * range * ((2 * random.NextDouble()) - 1));
            return new NumericColumn(column.Schema, values);
        }

        var (codes, texts) = ((int[])((CodedColumn)column).Codes.Clone(), ((CodedColumn)train).Codes);
        for (var i = 0; i < sources.Length; i++) codes[i] = texts[sources[i]];
        return new CodedColumn(column.Schema, codes, ((CodedColumn)column).Values);
    }
}
