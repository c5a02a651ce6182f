namespace SynthStudio.Orchestration;

/// <summary>What jobs that have ended took of accelerators.</summary>
public interface IAcceleratorUsage
{
    /// <summary>By project, the time that jobs on accelerators took which ended in a month.</summary>
    /// <param name="month">Its first moment, UTC.</param>
    /// <param name="cancellation">Stops the call.</param>
    Task<IReadOnlyDictionary<string, TimeSpan>> OfMonthAsync(DateTimeOffset month, CancellationToken cancellation);
}
