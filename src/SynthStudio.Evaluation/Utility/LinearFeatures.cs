using SynthStudio.Evaluation.Encoding;

namespace SynthStudio.Evaluation.Utility;

/// <summary>
/// Rows as a linear model wants them: numbers less the mean over the deviation, missing ones 0; for each
/// categorical column the place of its category's weight.
/// </summary>
internal sealed class LinearFeatures
{
    private readonly int[] numeric;
    private readonly int[] categorical;
    private readonly (double Mean, double Deviation)[] scales;
    private readonly int[][] placeOfCode;

    /// <param name="table">The table to learn from.</param>
    /// <param name="rows">The rows to learn from.</param>
    /// <param name="target">The column that is not looked at.</param>
    public LinearFeatures(EncodedTable table, int[] rows, int target)
    {
        var columns = Enumerable.Range(0, table.Columns.Count).Where(column => column != target).ToLookup(column => table.Columns[column].IsNumeric);
        (numeric, categorical) = ([.. columns[true]], [.. columns[false]]);
        scales = Array.ConvertAll(numeric, column => Scale([.. rows.Select(row => table.Numbers(column)[row]).Where(value => !double.IsNaN(value))]));
        var next = numeric.Length;
        placeOfCode = Array.ConvertAll(categorical, column =>
        {
            var places = new int[table.Columns[column].Categories.Length + 1];
            Array.Fill(places, -1);
            foreach (var code in rows.Select(row => table.Codes(column)[row]).Distinct())
            {
                places[code + 1] = next++;
            }

            return places;
        });
        WeightCount = next;
    }

    /// <summary>Numbers first, then the categories that were learned from.</summary>
    public int WeightCount { get; }

    public int NumberCount => numeric.Length;

    public int CategoryColumns => categorical.Length;

    /// <summary>Numbers and places of weights row by row; a category that was not learned from has place -1.</summary>
    public (double[] Numbers, int[] Places) Build(EncodedTable table, int[] rows)
    {
        var (numbers, places) = (new double[rows.Length * numeric.Length], new int[rows.Length * categorical.Length]);
        for (var i = 0; i < rows.Length; i++)
        {
            for (var c = 0; c < numeric.Length; c++)
            {
                var value = table.Numbers(numeric[c])[rows[i]];
                numbers[(i * numeric.Length) + c] = double.IsNaN(value) ? 0 : (value - scales[c].Mean) / scales[c].Deviation;
            }

            for (var c = 0; c < categorical.Length; c++)
            {
                places[(i * categorical.Length) + c] = placeOfCode[c][table.Codes(categorical[c])[rows[i]] + 1];
            }
        }

        return (numbers, places);
    }

    private static (double Mean, double Deviation) Scale(double[] present)
    {
        var mean = present.DefaultIfEmpty(0).Average();
        var deviation = Math.Sqrt(present.Select(value => (value - mean) * (value - mean)).DefaultIfEmpty(0).Average());
        return (mean, deviation > 0 ? deviation : 1);
    }
}
