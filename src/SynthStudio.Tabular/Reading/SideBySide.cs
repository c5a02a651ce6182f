using System.Runtime.ExceptionServices;

namespace SynthStudio.Tabular;

/// <summary>Independent pieces of work on several threads.</summary>
internal static class SideBySide
{
    /// <summary>
    /// Does the pieces 0 to <paramref name="pieces"/> - 1, begun in that order, so that large ones should come first. When some fail, one of
    /// the failures is thrown as it is.
    /// </summary>
    public static void Run(int pieces, int threads, Action<int> work)
    {
        var next = -1;
        try
        {
            Parallel.For(0, Math.Clamp(threads, 1, pieces), _ =>
            {
                for (int piece; (piece = Interlocked.Increment(ref next)) < pieces;)
                {
                    work(piece);
                }
            });
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }
}
