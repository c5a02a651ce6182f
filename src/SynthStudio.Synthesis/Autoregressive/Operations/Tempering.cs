using SynthStudio.Synthesis.Encoding;

namespace SynthStudio.Synthesis.Autoregressive.Operations;

/// <summary>
/// A column's distribution at another temperature than the learned one, in double precision: at a low one, what is rare is too
/// small for single precision.
/// </summary>
internal static class Tempering
{
    /// <summary>As rows are drawn: coarse tokens, and fine ones under each, to the power of 1 / <paramref name="temperature"/>.</summary>
    /// <param name="column">Says which cells share a coarse token.</param>
    /// <param name="learned">By cell, summing to 1.</param>
    /// <param name="temperature">Above 0.</param>
    public static double[] Of(ColumnLayout column, ReadOnlySpan<float> learned, double temperature)
    {
        var cells = new double[learned.Length];
        double[] tokens = new double[column.CoarseCount], largest = new double[column.CoarseCount], sums = new double[column.CoarseCount];
        for (var cell = 0; cell < cells.Length; cell++)
        {
            var token = column.Coarse[cell];
            cells[cell] = learned[cell];
            tokens[token] += cells[cell];
            largest[token] = Math.Max(largest[token], cells[cell]);
        }

        if (temperature == 1) return cells;
        for (var cell = 0; cell < cells.Length; cell++)
        {
            if (cells[cell] > 0) sums[column.Coarse[cell]] += cells[cell] = Math.Pow(cells[cell] / largest[column.Coarse[cell]], 1 / temperature);
        }

        var top = tokens.Max();
        tokens = Array.ConvertAll(tokens, token => Math.Pow(token / top, 1 / temperature));
        var total = tokens.Sum();
        for (var cell = 0; cell < cells.Length; cell++)
        {
            if (cells[cell] > 0) cells[cell] *= tokens[column.Coarse[cell]] / total / sums[column.Coarse[cell]];
        }

        return cells;
    }
}
