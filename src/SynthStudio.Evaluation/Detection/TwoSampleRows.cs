using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Detection;

/// <summary>
/// Equally many rows of the training table and of another one, dealt into three folds with the same mix of both, as scikit-learn's
/// <c>StratifiedKFold(3, shuffle=True)</c> deals them.
/// </summary>
internal sealed class TwoSampleRows
{
    public const int FoldCount = 3;

    /// <param name="train">One side, label 1.</param>
    /// <param name="candidate">The other side, label 0.</param>
    /// <param name="mostRows">Rows a side at most.</param>
    /// <param name="seed">Decides which rows, and which fold.</param>
    public TwoSampleRows(EncodedTable train, EncodedTable candidate, int mostRows, int seed)
    {
        Size = Math.Min(mostRows, Math.Min(train.RowCount, candidate.RowCount));
        TrainRows = RowSample.Draw(train.RowCount, Size, seed);
        CandidateRows = RowSample.Draw(candidate.RowCount, Size, seed);
        FoldOf = new int[2 * Size];
        for (var i = 0; i < FoldOf.Length; i++)
        {
            FoldOf[i] = i % FoldCount;
        }

        var random = new RandomState(seed);
        for (var side = 0; side < 2; side++)
        {
            var folds = FoldOf.AsSpan(side * Size, Size);
            folds.Sort();
            random.Shuffle(folds);
        }
    }

    /// <summary>Rows a side.</summary>
    public int Size { get; }

    public int[] TrainRows { get; }

    public int[] CandidateRows { get; }

    /// <summary>The fold of each row: first the training rows, then the others.</summary>
    public int[] FoldOf { get; }

    public bool IsTrain(int row) => row < Size;

    /// <summary>The rows inside and outside a fold, ascending.</summary>
    public (int[] Fit, int[] Test) Split(int fold)
    {
        var rows = Enumerable.Range(0, FoldOf.Length).ToLookup(row => FoldOf[row] == fold);
        return ([.. rows[false]], [.. rows[true]]);
    }
}
