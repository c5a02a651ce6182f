using SynthStudio.Evaluation.Attacks;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Neighbours;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Membership;

/// <summary>
/// Membership inference by shadow models, the offline likelihood-ratio attack (Carlini et al. 2112.03570, section VI) with the distance to the
/// nearest synthetic row in the place of a loss. Generators are trained on random halves of training and holdout people together; a
/// person's distances to the rows of those that did not learn it say how far they are when it is no member, mean and spread. Ranked is by
/// how many spreads closer it is to the table in question. Halves do not know who is of training.
/// </summary>
internal sealed class ShadowMembership(AttackTables tables, ShadowModels shadows)
{
    private const int MostPeople = 10_000;
    private const double NoDistance = 1e-3;

    /// <summary>Shadow models that the common spread counts as, beside a person's own.</summary>
    private const double CommonSpread = 4;

    /// <param name="train">The training table as it was read.</param>
    /// <param name="holdout">The holdout as it was read.</param>
    public (ShadowFacts Facts, double[] Members, double[] Others) Measure(Table train, Table holdout)
    {
        var people = Math.Min(MostPeople, Math.Min(train.RowCount, holdout.RowCount));
        var targets = Math.Min(4 * tables.Budget.Targets, people);
        Table[] sides =
        [
            train.Take(RowSample.Draw(train.RowCount, people, tables.Seed + 121)),
            holdout.Take(RowSample.Draw(holdout.RowCount, people, tables.Seed + 122))
        ];
        var encoded = Array.ConvertAll(sides, side => AttackTables.First(TableEncoder.EncodeLike(side, tables.Context.Columns), targets));
        var asked = encoded[0].Append(encoded[1]);
        var actual = Closeness(asked, tables.Synthetic);

        var (count, sum, squares) = (new int[asked.RowCount], new double[asked.RowCount], new double[asked.RowCount]);
        for (var shadow = 0; shadow < shadows.Count; shadow++)
        {
            tables.Context.Cancellation.ThrowIfCancellationRequested();
            var seed = tables.Seed + 130 + shadow;
            var half = RowSample.Draw(2 * people, people, seed);
            var learned = half.ToHashSet();
            var drawn = shadows.Draw(Joined(sides[0], sides[1], half), tables.Synthetic.RowCount, seed)
                .Select(part => TableEncoder.EncodeLike(part, tables.Context.Columns)).Aggregate((rows, more) => rows.Append(more));
            var closeness = Closeness(asked, drawn);
            for (var i = 0; i < asked.RowCount; i++)
            {
                if (!learned.Contains(i < targets ? i : people + i - targets))
                {
                    (count[i], sum[i], squares[i]) = (count[i] + 1, sum[i] + closeness[i], squares[i] + (closeness[i] * closeness[i]));
                }
            }
        }

        // Where no person is nearer to one table than to another, as where all combinations of few
        // categories are in each, any spread is as good.
        var spread = Enumerable.Range(0, asked.RowCount)
            .Where(i => count[i] > 1)
            .Select(i => Variance(i))
            .DefaultIfEmpty(1)
            .Average() is > 0 and var common ? common : 1;
        double[] scores = [.. actual.Select((value, i) => count[i] == 0
            ? 0
            : (value - (sum[i] / count[i])) / Math.Sqrt((((count[i] - 1) * Variance(i)) + (CommonSpread * spread)) / (count[i] - 1 + CommonSpread)))];
        return (new ShadowFacts(shadows.Method, shadows.Count, people, tables.Synthetic.RowCount), scores[..targets], scores[targets..]);

        double Variance(int i) => count[i] < 2 ? 0 : Math.Max(0, (squares[i] - (sum[i] * sum[i] / count[i])) / (count[i] - 1));
    }

    /// <summary>Minus the logarithm of the distance to the nearest row, less its mean: a table of more or better rows is closer to everybody.</summary>
    private double[] Closeness(EncodedTable people, EncodedTable rows)
    {
        double[] near = [.. tables.Nearest(people, new NeighbourSearch(tables.Rows(rows)), 1).Select(n => -Math.Log(n[0].Distance + NoDistance))];
        var mean = near.Average();
        return Array.ConvertAll(near, value => value - mean);
    }

    /// <summary>Rows of two tables of one schema by their places in the first and then the second.</summary>
    private static Table Joined(Table first, Table second, int[] rows) => new(first.Schema, [.. first.Columns.Select(column =>
    {
        var other = second[column.Name];
        if (column is NumericColumn numbers)
        {
            var values = numbers.Values.Concat(((NumericColumn)other).Values).ToArray();
            return (Column)new NumericColumn(column.Schema, Array.ConvertAll(rows, row => values[row]));
        }

        var (mine, theirs) = ((CodedColumn)column, (CodedColumn)other);
        var codeOf = mine.Values.Concat(theirs.Values).Distinct().Select((text, code) => (text, code)).ToDictionary(pair => pair.text, pair => pair.code);
        int[] codes =
        [
            .. mine.Codes.Select(code => code == CodedColumn.Missing ? code : codeOf[mine.Values[code]]),
            .. theirs.Codes.Select(code => code == CodedColumn.Missing ? code : codeOf[theirs.Values[code]]),
        ];
        return new CodedColumn(column.Schema, Array.ConvertAll(rows, row => codes[row]), [.. codeOf.Keys]);
    })]);
}
