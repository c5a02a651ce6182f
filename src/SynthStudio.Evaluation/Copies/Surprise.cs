using SynthStudio.Evaluation.Encoding;

namespace SynthStudio.Evaluation.Copies;

/// <summary>
/// How surprising rows are: minus the logarithm of the product of their values' frequencies in training and holdout together. Rows of frequent
/// values meet equal ones by chance, rows of rare values do not. It does not know who is of training.
/// </summary>
internal static class Surprise
{
    /// <summary>In nats, one figure a row of each table.</summary>
    public static (double[] Train, double[] Holdout) Of(EncodedTable train, EncodedTable holdout)
    {
        var (first, second) = (new double[train.RowCount], new double[holdout.RowCount]);
        for (var column = 0; column < train.Columns.Count; column++)
        {
            if (train.Columns[column].IsNumeric)
            {
                Add(train.Numbers(column), holdout.Numbers(column), first, second);
            }
            else
            {
                Add(train.Codes(column), holdout.Codes(column), first, second);
            }
        }

        return (first, second);
    }

    /// <summary>The least surprise of the <paramref name="share"/> of rows that surprise most.</summary>
    public static double Limit(double[] ascending, double share) => ascending[(int)((1 - share) * (ascending.Length - 1))];

    private static void Add<T>(T[] train, T[] holdout, double[] first, double[] second) where T : notnull
    {
        var counts = train.Concat(holdout).CountBy(value => value).ToDictionary();
        double rows = train.Length + holdout.Length;
        for (var row = 0; row < train.Length; row++)
        {
            first[row] -= Math.Log(counts[train[row]] / rows);
        }

        for (var row = 0; row < holdout.Length; row++)
        {
            second[row] -= Math.Log(counts[holdout[row]] / rows);
        }
    }
}
