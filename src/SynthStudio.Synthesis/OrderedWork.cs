namespace SynthStudio.Synthesis;

/// <summary>Pieces of work side by side, their results in order.</summary>
internal static class OrderedWork
{
    /// <summary>Runs pieces while the caller takes the results of those before; at most so many ahead as there are threads.</summary>
    /// <param name="pieces">Independent of each other.</param>
    /// <param name="threads">At least 1.</param>
    /// <param name="cancellation">Looked at before each piece.</param>
    public static IEnumerable<T> Run<T>(IEnumerable<Func<T>> pieces, int threads, CancellationToken cancellation)
    {
        var running = new Queue<Task<T>>();
        using var waiting = pieces.GetEnumerator();
        try
        {
            while (running.Count < threads && Start())
            {
            }

            while (running.TryDequeue(out var next))
            {
                var result = next.GetAwaiter().GetResult();
                Start();
                yield return result;
            }
        }
        finally
        {
            // Nobody takes what is still running: its failure, if any, is nobody's.
            foreach (var left in running) left.ContinueWith(task => _ = task.Exception, TaskScheduler.Default);
        }

        bool Start()
        {
            if (!waiting.MoveNext()) return false;
            cancellation.ThrowIfCancellationRequested();
            var piece = waiting.Current;
            running.Enqueue(Task.Run(piece, CancellationToken.None));
            return true;
        }
    }
}
