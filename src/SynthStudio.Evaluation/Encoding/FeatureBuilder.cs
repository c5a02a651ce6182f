using SynthStudio.Evaluation.Boosting;

namespace SynthStudio.Evaluation.Encoding;

/// <summary>
/// Rows as features for boosted trees: numbers as they are, categories as codes, -1 where
/// missing and -2 where training has no such category.
/// </summary>
internal sealed class FeatureBuilder
{
    private const double UnseenCategory = -2;

    private readonly int[] columns;
    private readonly double[]?[] featureOfCode;

    /// <param name="train">Says which categories have been seen.</param>
    /// <param name="columns">The columns that become features, in this order.</param>
    public FeatureBuilder(EncodedTable train, int[] columns)
    {
        this.columns = columns;
        featureOfCode = Array.ConvertAll(columns, column => train.Columns[column].IsNumeric ? null : SeenCodes(train, column));
    }

    /// <summary>Writes the features of <paramref name="table"/>'s rows into <paramref name="target"/>, row by row, from row <paramref name="firstRow"/> on.</summary>
    public void Write(EncodedTable table, ReadOnlySpan<int> rows, double[] target, int firstRow)
    {
        for (var f = 0; f < columns.Length; f++)
        {
            var at = (firstRow * columns.Length) + f;
            if (featureOfCode[f] is { } features)
            {
                var codes = table.Codes(columns[f]);
                foreach (var row in rows)
                {
                    target[at] = features[codes[row] + 1];
                    at += columns.Length;
                }
            }
            else
            {
                var numbers = table.Numbers(columns[f]);
                foreach (var row in rows)
                {
                    target[at] = numbers[row];
                    at += columns.Length;
                }
            }
        }
    }

    /// <summary>The features of <paramref name="table"/>'s rows.</summary>
    public FeatureMatrix Build(EncodedTable table, ReadOnlySpan<int> rows)
    {
        var values = new double[rows.Length * columns.Length];
        Write(table, rows, values, 0);
        return new FeatureMatrix(values, rows.Length, columns.Length);
    }

    /// <summary>The feature of each code, shifted by one so that the missing code comes first.</summary>
    private static double[] SeenCodes(EncodedTable train, int column)
    {
        var features = new double[train.Columns[column].Categories.Length + 1];
        Array.Fill(features, UnseenCategory);
        foreach (var code in train.Codes(column))
        {
            features[code + 1] = code;
        }

        return features;
    }
}
