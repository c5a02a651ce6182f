namespace SynthStudio.Synthesis;

/// <summary>
/// The time that a training takes of a CPU. Constants are processor seconds that were measured on public tables
/// (tools/bench/RESULTS.md, "Estimates of time"): an estimate is to be right within a factor of two.
/// </summary>
/// <param name="ProcessorSeconds">Over all threads.</param>
/// <param name="SideBySide">Threads that can share the work.</param>
public readonly record struct TimeNeed(double ProcessorSeconds, double SideBySide)
{
    /// <summary>Of what every training does: loading, encoding the cells, writing the package.</summary>
    private const double StartSeconds = 0.15, CellSeconds = 8e-7;

    /// <summary>With what every training does.</summary>
    /// <param name="size">The table.</param>
    /// <param name="cells">Cells that are encoded.</param>
    /// <param name="processorSeconds">Of the method itself, over all threads.</param>
    internal static TimeNeed Of(TrainingSize size, double cells, double processorSeconds) =>
        new(StartSeconds + CellSeconds * cells + processorSeconds, size.Columns);

    /// <summary>Wall-clock time on this many threads that do nothing else.</summary>
    public TimeSpan On(int threads) => TimeSpan.FromSeconds(ProcessorSeconds / Math.Max(1, Math.Min(threads, SideBySide)));
}
