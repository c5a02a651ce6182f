using System.Numerics;
using SynthStudio.Evaluation.Distance;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Copies;

/// <summary>
/// How many synthetic rows are copies of training rows, beyond what chance explains. Training is cut into pieces about as large as the holdout. A
/// row that is in a piece counts for, one that is in the holdout against: when nothing leaks both are equally likely, and what is common
/// anyway cancels out. Equal synthetic rows share their luck and are one observation.
/// </summary>
internal static class ExactCopies
{
    private const int MostPieces = 32;

    /// <summary>Rows that stand in training, the estimated copies, and the chance of so many when nothing leaks.</summary>
    public static (int Rows, Estimate Copies, double PValue) Count(
        EncodedTable train, EncodedTable synthetic, EncodedTable holdout, NumberScale[] scales, int seed)
    {
        var pieces = Math.Clamp((int)Math.Round((double)train.RowCount / holdout.RowCount), 1, MostPieces);
        var size = Math.Min(holdout.RowCount, train.RowCount / pieces);
        var place = new RandomState(seed).Permutation(train.RowCount);
        var piecesWith = new Dictionary<ExactMatches.RowCells, uint>();
        foreach (var (row, cells) in ExactMatches.Rows(train, scales).Index())
        {
            // Rows beyond the last piece are known, but in none.
            var piece = place[row] / size;
            piecesWith[cells] = piecesWith.GetValueOrDefault(cells) | (piece < pieces ? 1u << piece : 0);
        }

        var kept = holdout.RowCount > size ? holdout.Take(RowSample.Draw(holdout.RowCount, size, seed)) : holdout;
        var others = ExactMatches.Rows(kept, scales).ToHashSet();
        double sum = 0, squares = 0;
        var inTrain = 0;
        foreach (var (cells, count) in ExactMatches.Rows(synthetic, scales).CountBy(cells => cells))
        {
            var isKnown = piecesWith.TryGetValue(cells, out var found);
            inTrain += isKnown ? count : 0;
            double excess = count * (BitOperations.PopCount(found) - (others.Contains(cells) ? pieces : 0));
            (sum, squares) = (sum + excess, squares + (excess * excess));
        }

        // One more: none found does not mean that there can be none.
        var scale = (double)train.RowCount / (pieces * size);
        var copies = Estimate.OfNormal(scale * sum, scale * Math.Sqrt(squares + 1), 0, synthetic.RowCount);
        return (inTrain, copies, squares > 0 ? Significance.UpperTail((sum - 0.5) / Math.Sqrt(squares)) : 1);
    }
}
