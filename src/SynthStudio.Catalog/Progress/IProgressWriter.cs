namespace SynthStudio.Catalog;

/// <summary>Events of one job that are to be appended together.</summary>
internal sealed record Append(string Job, (long Sequence, byte[] Event)[] Rows) : Written;

/// <summary>The writing side of the progress log. Used by one loop, a batch at a time.</summary>
internal interface IProgressWriter : IAsyncDisposable
{
    /// <summary>Commits the batch; of an append that conflicts nothing stays, and its caller hears of it.</summary>
    /// <exception cref="System.Data.Common.DbException">Of the appends whose callers were not told, it is not known what was committed.</exception>
    Task WriteAsync(IReadOnlyList<Append> batch);
}
