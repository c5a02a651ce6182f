using SynthStudio.Evaluation.Encoding;

namespace SynthStudio.Evaluation.Detection;

/// <summary>
/// Rows as a logistic regression wants them. Numbers: missing ones become the training mean, then less the median over the interquartile
/// range. Categories: one column for each of training's, less its median, which is 1 for a category of most rows.
/// Stored as dense numbers and, for each category column, the place of the row's category.
/// </summary>
internal sealed class LogisticFeatures
{
    private readonly EncodedTable train;
    private readonly int[] numeric;
    private readonly int[] categorical;
    private readonly int[][] weightOfCode;

    public LogisticFeatures(EncodedTable train)
    {
        this.train = train;
        var columns = Enumerable.Range(0, train.Columns.Count).ToLookup(column => train.Columns[column].IsNumeric);
        numeric = [.. columns[true]];
        categorical = [.. columns[false]];
        var next = numeric.Length;
        weightOfCode = Array.ConvertAll(categorical, column =>
        {
            var places = new int[train.Columns[column].Categories.Length + 1];
            Array.Fill(places, -1);
            foreach (var code in train.Codes(column).Distinct())
            {
                places[code + 1] = next++;
            }

            return places;
        });
        WeightCount = next;
    }

    /// <summary>Numbers first, then training's categories.</summary>
    public int WeightCount { get; }

    public int NumberCount => numeric.Length;

    public int CategoryColumns => categorical.Length;

    /// <summary>The rows of both sides, training first.</summary>
    public (double[] Numbers, int[] Places) Build(EncodedTable candidate, TwoSampleRows rows)
    {
        var count = 2 * rows.Size;
        var numbers = new double[count * numeric.Length];
        var places = new int[count * categorical.Length];
        for (var row = 0; row < count; row++)
        {
            var (table, source) = rows.IsTrain(row) ? (train, rows.TrainRows[row]) : (candidate, rows.CandidateRows[row - rows.Size]);
            for (var c = 0; c < numeric.Length; c++)
            {
                numbers[(row * numeric.Length) + c] = table.Numbers(numeric[c])[source];
            }

            for (var c = 0; c < categorical.Length; c++)
            {
                places[(row * categorical.Length) + c] = weightOfCode[c][table.Codes(categorical[c])[source] + 1];
            }
        }

        for (var c = 0; c < numeric.Length; c++)
        {
            var mean = train.PresentNumbers(numeric[c]).DefaultIfEmpty(0).Average();
            for (var at = c; at < numbers.Length; at += numeric.Length)
            {
                numbers[at] = double.IsNaN(numbers[at]) ? mean : numbers[at];
            }
        }

        return (numbers, places);
    }
}
