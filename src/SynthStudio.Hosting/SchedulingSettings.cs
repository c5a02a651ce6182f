using System.ComponentModel.DataAnnotations;
using SynthStudio.Orchestration;

namespace SynthStudio.Hosting;

/// <summary>Who goes first, and for how long; the section <c>SynthStudio:Scheduling</c>. The defaults are those of <see cref="OrchestrationOptions"/>.</summary>
public sealed class SchedulingSettings
{
    private const string LeastTime = "00:00:00.001";
    private const string LongestTime = "366.00:00:00";
    private const string TimeMessage = "must be a time, for example 00:10:00.";
    private const string NumberMessage = "must not be negative; 0 is any number.";
    private static readonly OrchestrationOptions Defaults = new();

    /// <inheritdoc cref="OrchestrationOptions.AgeingPeriod"/>
    [Range(typeof(TimeSpan), LeastTime, LongestTime, ErrorMessage = TimeMessage)]
    public TimeSpan AgeingPeriod { get; set; } = Defaults.AgeingPeriod;

    /// <inheritdoc cref="OrchestrationOptions.ReserveAfter"/>
    [Range(typeof(TimeSpan), LeastTime, LongestTime, ErrorMessage = TimeMessage)]
    public TimeSpan ReserveAfter { get; set; } = Defaults.ReserveAfter;

    /// <inheritdoc cref="OrchestrationOptions.UsageHalfLife"/>
    [Range(typeof(TimeSpan), LeastTime, LongestTime, ErrorMessage = TimeMessage)]
    public TimeSpan UsageHalfLife { get; set; } = Defaults.UsageHalfLife;

    /// <inheritdoc cref="OrchestrationOptions.UndisturbedTime"/>
    [Range(typeof(TimeSpan), "00:00:00", LongestTime, ErrorMessage = TimeMessage)]
    public TimeSpan UndisturbedTime { get; set; } = Defaults.UndisturbedTime;

    /// <inheritdoc cref="OrchestrationOptions.MaxRunningPerProject"/>
    [Range(0, int.MaxValue, ErrorMessage = NumberMessage)]
    public int MaxRunningPerProject { get; set; } = Defaults.MaxRunningPerProject;

    /// <inheritdoc cref="OrchestrationOptions.MaxRowsPerDayPerProject"/>
    [Range(0, long.MaxValue, ErrorMessage = NumberMessage)]
    public long MaxRowsPerDayPerProject { get; set; } = Defaults.MaxRowsPerDayPerProject;

    /// <inheritdoc cref="OrchestrationOptions.MaxStoredBytesPerProject"/>
    [Range(0, long.MaxValue, ErrorMessage = NumberMessage)]
    public long MaxStoredBytesPerProject { get; set; } = Defaults.MaxStoredBytesPerProject;

    /// <inheritdoc cref="OrchestrationOptions.MaxAcceleratorSecondsPerMonthPerProject"/>
    [Range(0, long.MaxValue, ErrorMessage = NumberMessage)]
    public long MaxAcceleratorSecondsPerMonthPerProject { get; set; } = Defaults.MaxAcceleratorSecondsPerMonthPerProject;

    /// <inheritdoc cref="OrchestrationOptions.MaxAcceleratorsPerProject"/>
    [Range(0, int.MaxValue, ErrorMessage = NumberMessage)]
    public int MaxAcceleratorsPerProject { get; set; } = Defaults.MaxAcceleratorsPerProject;

    /// <summary>A job that waits longer fails; empty for no limit.</summary>
    [Range(typeof(TimeSpan), LeastTime, LongestTime, ErrorMessage = TimeMessage)]
    public TimeSpan? QueueLimit { get; set; }

    /// <summary>An attempt that takes longer is ended and tried again; empty for no limit.</summary>
    [Range(typeof(TimeSpan), LeastTime, LongestTime, ErrorMessage = TimeMessage)]
    public TimeSpan? AttemptLimit { get; set; }

    /// <summary>A job that is not done so long after its creation fails; empty for no limit.</summary>
    [Range(typeof(TimeSpan), LeastTime, LongestTime, ErrorMessage = TimeMessage)]
    public TimeSpan? TotalLimit { get; set; }

    internal void ApplyTo(OrchestrationOptions options)
    {
        options.AgeingPeriod = AgeingPeriod;
        options.ReserveAfter = ReserveAfter;
        options.UsageHalfLife = UsageHalfLife;
        options.UndisturbedTime = UndisturbedTime;
        options.MaxRunningPerProject = MaxRunningPerProject;
        options.MaxRowsPerDayPerProject = MaxRowsPerDayPerProject;
        options.MaxStoredBytesPerProject = MaxStoredBytesPerProject;
        options.MaxAcceleratorSecondsPerMonthPerProject = MaxAcceleratorSecondsPerMonthPerProject;
        options.MaxAcceleratorsPerProject = MaxAcceleratorsPerProject;
        options.Limits = new(QueueLimit, AttemptLimit, TotalLimit);
    }
}
