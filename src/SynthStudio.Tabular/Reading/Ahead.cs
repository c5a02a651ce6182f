using System.Collections.Concurrent;

namespace SynthStudio.Tabular;

/// <summary>Makes items on a thread of their own, one ahead of who takes them.</summary>
internal static class Ahead
{
    /// <summary>The items of <paramref name="make"/> in their order, each disposed when the next is asked for.</summary>
    /// <param name="make">Runs on the other thread; ends soon once its token is cancelled.</param>
    /// <param name="cancellation">Ends both sides.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled. Failures of <paramref name="make"/> come as they are.</exception>
    public static IEnumerable<T> Of<T>(Func<CancellationToken, IEnumerable<T>> make, CancellationToken cancellation)
        where T : IDisposable
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var ready = new BlockingCollection<T>(boundedCapacity: 1);
        var maker = Task.Factory.StartNew(
            () => Make(make, ready, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (var item in ready.GetConsumingEnumerable(CancellationToken.None))
            {
                using (item)
                {
                    yield return item;
                }
            }

            maker.GetAwaiter().GetResult();
        }
        finally
        {
            // Who left early wants neither what was made ahead nor its failure.
            stop.Cancel();
            Task.WhenAny(maker).GetAwaiter().GetResult();
            _ = maker.Exception;
            while (ready.TryTake(out var left))
            {
                left.Dispose();
            }
        }
    }

    private static void Make<T>(Func<CancellationToken, IEnumerable<T>> make, BlockingCollection<T> ready, CancellationToken stop)
        where T : IDisposable
    {
        try
        {
            foreach (var item in make(stop))
            {
                try
                {
                    ready.Add(item, stop);
                }
                catch
                {
                    item.Dispose();
                    throw;
                }
            }
        }
        finally
        {
            ready.CompleteAdding();
        }
    }
}
