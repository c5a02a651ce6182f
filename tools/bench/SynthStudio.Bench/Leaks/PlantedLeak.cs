using SynthStudio.Tabular;

namespace SynthStudio.Bench.Leaks;

/// <summary>Training rows put into a table in the place of its own, as they are or with a little noise on every number.</summary>
internal static class PlantedLeak
{
    /// <param name="safe">The table whose rows are replaced.</param>
    /// <param name="train">Where the rows come from, in the columns of <paramref name="safe"/>.</param>
    /// <param name="share">Share of rows that are replaced.</param>
    /// <param name="noise">Greatest change of a number, as a share of training's range.</param>
    /// <param name="seed">Decides which rows.</param>
    public static Table Into(Table safe, Table train, double share, double noise, int seed)
    {
        var random = new Random(seed);
        var count = (int)Math.Round(share * safe.RowCount);
        var places = Shuffled(safe.RowCount, random)[..count];
        var sources = Shuffled(train.RowCount, random)[..count];
        return new Table(
            safe.Schema,
            [.. safe.Columns.Select(
                column => Replace(column, train.Columns.Single(c => c.Name == column.Name), places, sources, noise, random))]);
    }

    private static Column Replace(Column column, Column train, int[] places, int[] sources, double noise, Random random)
    {
        if (column is NumericColumn numbers)
        {
            var (values, from) = ((double[])numbers.Values.Clone(), ((NumericColumn)train).Values);
            var present = from.Where(value => !double.IsNaN(value)).ToArray();
            var range = present.Length > 0 ? present.Max() - present.Min() : 0;
            var whole = present.All(double.IsInteger);
            for (var i = 0; i < places.Length; i++)
            {
                var moved = from[sources[i]] + (noise * range * ((2 * random.NextDouble()) - 1));
                values[places[i]] = noise == 0 ? from[sources[i]] : whole ? Math.Round(moved) : moved;
            }

            return new NumericColumn(column.Schema, values);
        }

        var (coded, source) = ((CodedColumn)column, (CodedColumn)train);
        var texts = coded.Values.Concat(source.Values).Distinct().ToArray();
        var codeOf = texts.Select((text, code) => (text, code)).ToDictionary(pair => pair.text, pair => pair.code);
        var codes = Array.ConvertAll(coded.Codes, code => code == CodedColumn.Missing ? code : codeOf[coded.Values[code]]);
        for (var i = 0; i < places.Length; i++)
        {
            var code = source.Codes[sources[i]];
            codes[places[i]] = code == CodedColumn.Missing ? code : codeOf[source.Values[code]];
        }

        return new CodedColumn(column.Schema, codes, texts);
    }

    private static int[] Shuffled(int count, Random random)
    {
        int[] rows = [.. Enumerable.Range(0, count)];
        random.Shuffle(rows);
        return rows;
    }
}
