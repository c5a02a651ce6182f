namespace SynthStudio.Evaluation.Statistics;

/// <summary>How counts of rows are told, so that nobody learns of few people by them.</summary>
internal static class FewRows
{
    /// <summary>Fewer rows are few.</summary>
    public const int Least = 5;

    /// <summary>A share of rows, from their count rounded to a multiple of <see cref="Least"/>: none cannot be told from two, nor three from seven.</summary>
    /// <param name="count">Rows that are counted.</param>
    /// <param name="rows">All rows, at least one.</param>
    public static double Share(int count, int rows) => Math.Min(1, (count + (Least / 2)) / Least * Least / (double)rows);

    /// <summary>The same of a share that is exact.</summary>
    public static double Round(double share, int rows) => rows == 0 ? 0 : Share((int)Math.Round(share * rows), rows);
}
