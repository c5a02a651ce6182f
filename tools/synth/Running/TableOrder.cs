using SynthStudio.Cli.Progress;
using SynthStudio.Worker.V1;

namespace SynthStudio.Cli.Running;

/// <summary>An order that reads a model package and a table, and writes a table.</summary>
internal static class TableOrder
{
    /// <summary>Runs it by a worker of its own, puts the table where it is wanted, and says what came of it.</summary>
    /// <param name="order">The order.</param>
    /// <param name="target">Gets the table, when it is whole.</param>
    /// <param name="say">Makes a sentence of what the worker measured.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Stops the worker.</param>
    public static async Task RunAsync(
        JobOrder order, FileInfo target, Func<IDictionary<string, double>, string> say, TimeProvider time, CancellationToken cancellation)
    {
        var said = "";
        await using var view = ProgressViews.Create(time);
        await new LocalWorker(view).RunAsync(
            order,
            async (_, completed) =>
            {
                await LocalWorker.JoinAsync(completed.Artifacts.Where(a => a.Role == "table").Select(a => a.Path), target.FullName, cancellation);
                said = $"{say(completed.Metrics)}: {target}";
            },
            cancellation);
        await view.DisposeAsync();
        Console.WriteLine(said);
    }
}
