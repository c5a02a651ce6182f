using System.Diagnostics;

namespace SynthStudio.ClusterTorture;

/// <summary>
/// The end of the load, once no fault is struck any more. Patience is with everybody as long as there is news for anybody, an answer or an
/// event; when there was none for a whole patience, what is still open is broken off and told of by name. So what was begun last has the
/// whole of it too.
/// </summary>
internal static class Ending
{
    /// <summary>Even with news all the time, no more than so many times the patience.</summary>
    private const int Most = 5;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250), Leave = TimeSpan.FromSeconds(30);

    /// <summary>Waits for all of them, or until patience is over.</summary>
    /// <param name="working">Who they are, and what they do.</param>
    /// <param name="journal">Has the news, and is told of those that have no end.</param>
    /// <param name="patience">Without news.</param>
    /// <param name="giveUp">Breaks them off.</param>
    public static async Task WaitAsync(IReadOnlyList<(string Who, Task Work)> working, Journal journal, TimeSpan patience, CancellationTokenSource giveUp)
    {
        var all = Task.WhenAll(working.Select(w => w.Work));
        var waited = Stopwatch.StartNew();
        while (!all.IsCompleted && (waited.Elapsed < patience || (Stopwatch.GetElapsedTime(journal.LastNews) < patience && waited.Elapsed < Most * patience)))
            await Task.WhenAny(all, Task.Delay(Look));
        await giveUp.CancelAsync();
        await Task.WhenAny(all, Task.Delay(Leave));
        foreach (var (who, work) in working)
        {
            if (work.IsFaulted) journal.WrongAnswers.Add($"{who}: {work.Exception.GetBaseException()}");
            else if (!work.IsCompletedSuccessfully)
                journal.CutOff.Add($"{who} {(work.IsCanceled ? "was not done and was broken off" : "was not done and cannot be broken off")} {waited.Elapsed.TotalSeconds:0} s after the last fault");
        }
    }
}
