using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Encoding;

namespace SynthStudio.Synthesis.Cart;

/// <summary>A column as a tree looks at it: its cells gathered into few bins.</summary>
/// <param name="BinOfCell">By cell.</param>
/// <param name="Count">Number of bins, at most <see cref="MaxBins"/>.</param>
/// <param name="Ordered">Whether bins ascend with the values; the last one is of missing values when there are any.</param>
internal sealed record PredictorBins(byte[] BinOfCell, int Count, bool Ordered)
{
    /// <summary>Bins that a split is searched among: finer ones cost time and hardly gain.</summary>
    public const int MaxBins = 128;

    /// <param name="layout">The column's cells and their counts.</param>
    /// <param name="order">What they mean.</param>
    /// <param name="maxBins">At least 2.</param>
    public static PredictorBins Create(ColumnLayout layout, CellOrder order, int maxBins = MaxBins) =>
        order.Ordered ? EqualMass(layout.Counts, order.MissingCell, maxBins) : MostFrequent(layout.Counts, maxBins);

    public byte[] Of(ushort[] cells) => Array.ConvertAll(cells, cell => BinOfCell[cell]);

    private static PredictorBins EqualMass(long[] counts, int missingCell, int maxBins)
    {
        var bins = new byte[counts.Length];
        var values = missingCell < 0 ? counts.Length : counts.Length - 1;
        var room = maxBins - (missingCell < 0 ? 0 : 1);
        var mass = values <= room ? 0 : counts.Take(values).Sum() / (double)room;
        int bin = 0, inBin = 0;
        double upTo = 0;
        for (var cell = 0; cell < values; cell++)
        {
            // A bin ends where its share of the mass is used up, and no later than leaves a bin for every cell that is left.
            if (inBin > 0 && upTo + counts[cell] / 2.0 > (bin + 1) * mass && bin < room - 1)
            {
                bin++;
                inBin = 0;
            }

            bins[cell] = (byte)bin;
            inBin++;
            upTo += counts[cell];
        }

        if (missingCell >= 0) bins[missingCell] = (byte)++bin;
        return new PredictorBins(bins, bin + 1, true);
    }

    private static PredictorBins MostFrequent(long[] counts, int maxBins)
    {
        var bins = new byte[counts.Length];
        var byFrequency = Enumerable.Range(0, counts.Length).OrderByDescending(cell => counts[cell]).ThenBy(cell => cell).ToArray();
        for (var i = 0; i < byFrequency.Length; i++) bins[byFrequency[i]] = (byte)Math.Min(i, maxBins - 1);
        return new PredictorBins(bins, Math.Min(counts.Length, maxBins), false);
    }
}
