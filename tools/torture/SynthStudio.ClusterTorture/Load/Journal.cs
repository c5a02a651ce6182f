using System.Collections.Concurrent;
using System.Diagnostics;

namespace SynthStudio.ClusterTorture;

/// <summary>What the cluster has acknowledged, as its clients wrote it down.</summary>
internal sealed class Journal
{
    public ConcurrentDictionary<string, AcknowledgedUpload> Uploads { get; } = [];

    public ConcurrentDictionary<string, AcknowledgedJob> Jobs { get; } = [];

    public ConcurrentBag<AcknowledgedRows> Rows { get; } = [];

    public ConcurrentBag<WatchedJob> Watches { get; } = [];

    public ConcurrentBag<AcknowledgedTransfer> Transfers { get; } = [];

    public ConcurrentBag<AcknowledgedRemoval> Removals { get; } = [];

    /// <summary>Answers that no fault explains.</summary>
    public ConcurrentBag<string> WrongAnswers { get; } = [];

    /// <summary>What had been begun, and had no end when patience was over.</summary>
    public ConcurrentBag<string> CutOff { get; } = [];

    /// <summary>When anybody last got an answer or an event (<see cref="Stopwatch.GetTimestamp"/>). Mere signs of life and "try again" are none.</summary>
    public long LastNews => Volatile.Read(ref _lastNews);

    /// <summary>Answers that said "try again", by their status and reason.</summary>
    public ConcurrentDictionary<string, int> Refusals { get; } = [];

    /// <summary>Calls that were answered as asked.</summary>
    public int Answers => _answers;

    /// <summary>Uploads that were made and read to measure how soon the cluster serves again: when each began and ended.</summary>
    public ConcurrentBag<(TimeSpan Began, TimeSpan Ended)> Pulses { get; } = [];

    private int _answers;
    private long _lastNews = Stopwatch.GetTimestamp();

    public void CountAnswer()
    {
        Interlocked.Increment(ref _answers);
        NoteNews();
    }

    public void NoteNews() => Volatile.Write(ref _lastNews, Stopwatch.GetTimestamp());

    public void CountRefusal(string what) => Refusals.AddOrUpdate(what, 1, (_, count) => count + 1);
}

/// <summary>A table that was acknowledged.</summary>
internal sealed record AcknowledgedUpload(string Dataset, byte[] Content);

/// <summary>A job that was acknowledged.</summary>
internal sealed record AcknowledgedJob(string Name, JobKind Kind, string Subject)
{
    /// <summary>The data set of a training under privacy terms; empty for any other job.</summary>
    public string PrivateDataset { get; init; } = "";

    /// <summary>It may run only where there is an accelerator.</summary>
    public bool NeedsAccelerator { get; init; }

    /// <summary>Somebody asked to cancel it, whether that was acknowledged or not.</summary>
    public bool CancelAsked { get; set; }

    /// <summary>Somebody asked to remove its subject for good, and it with it, whether that was acknowledged or not.</summary>
    public bool PurgeAsked { get; set; }
}

/// <summary>Rows that were to come from another database, or to go there.</summary>
/// <param name="Name">The transfer.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Table">Where they were to go; empty for rows that come.</param>
/// <param name="Source">The drawn rows that were to go there; empty for rows that come.</param>
internal sealed record AcknowledgedTransfer(string Name, long Rows, string Table = "", string Source = "");

/// <summary>A generator that was deleted, and what became of it then.</summary>
internal sealed record AcknowledgedRemoval(string Generator, Removal Removal);

/// <summary>How a deleted generator went on.</summary>
internal enum Removal
{
    /// <summary>It stays deleted.</summary>
    Hidden,

    /// <summary>It was brought back.</summary>
    BroughtBack,

    /// <summary>It was removed for good.</summary>
    Purged,
}

/// <summary>Rows that were drawn and delivered.</summary>
internal sealed record AcknowledgedRows(string SyntheticDataset, long Rows, byte[] Sha256);
