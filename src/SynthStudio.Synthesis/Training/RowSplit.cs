using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Training;

/// <summary>Rows to learn from and rows held back to know when to stop.</summary>
/// <param name="Training">Row numbers.</param>
/// <param name="HeldBack">Row numbers.</param>
internal sealed record RowSplit(int[] Training, int[] HeldBack)
{
    /// <summary>Fewer rows than this are refused: with rare values protected nothing would be left to learn.</summary>
    public const int MinimumRows = 20;

    /// <summary>Holds back 5 %, at least 10 rows and at most 5,000.</summary>
    /// <exception cref="SynthesisException">There are fewer than <see cref="MinimumRows"/> rows.</exception>
    public static RowSplit Draw(int rows, long seed)
    {
        RequireEnough(rows);
        var shuffled = Enumerable.Range(0, rows).ToArray();
        new SeededStream(seed, StreamPurpose.Split, 0).Shuffle<int>(shuffled);
        var held = Math.Clamp(rows / 20, Math.Min(10, rows / 4), 5_000);
        return new RowSplit(shuffled[held..], shuffled[..held]);
    }

    /// <exception cref="SynthesisException">There are fewer than <see cref="MinimumRows"/> rows.</exception>
    public static void RequireEnough(int rows)
    {
        if (rows < MinimumRows)
            throw new SynthesisException(SynthesisError.TooFewRows, $"The table has too few rows: {rows}; at least {MinimumRows} are needed.");
    }
}
