using System.ComponentModel.DataAnnotations;
using SynthStudio.Compute;

namespace SynthStudio.Hosting;

/// <summary>How a host treats its worker processes; the section <c>SynthStudio:Workers</c>. The defaults are those of <see cref="ComputeOptions"/>.</summary>
public sealed class WorkerSettings
{
    private const string LeastTime = "00:00:00.001";
    private const string LongestTime = "24.00:00:00";

    /// <summary>Several heartbeats of a worker.</summary>
    private const string LeastLimit = "00:00:10";

    private static readonly ComputeOptions Defaults = new();

    /// <inheritdoc cref="ComputeOptions.Accelerator"/>
    [RegularExpression("cpu|cuda", ErrorMessage = "must be cpu, cuda, or empty to ask the worker.")]
    public string Accelerator { get; set; } = Defaults.Accelerator;

    /// <inheritdoc cref="ComputeOptions.Accelerators"/>
    [Range(0, 64, ErrorMessage = "must be 0 (as libtorch sees) to 64.")]
    public int Accelerators { get; set; } = Defaults.Accelerators;

    /// <inheritdoc cref="ComputeOptions.AcceleratorMemoryBytes"/>
    [Range(0L, long.MaxValue, ErrorMessage = "must not be negative.")]
    public long AcceleratorMemoryBytes { get; set; } = Defaults.AcceleratorMemoryBytes;

    /// <inheritdoc cref="ComputeOptions.MemoryBytes"/>
    [Range(0L, long.MaxValue, ErrorMessage = "must not be negative.")]
    public long MemoryBytes { get; set; } = Defaults.MemoryBytes;

    /// <inheritdoc cref="ComputeOptions.KillGrace"/>
    [Range(typeof(TimeSpan), LeastTime, LongestTime, ErrorMessage = "must be a time of up to a day, for example 00:00:05.")]
    public TimeSpan KillGrace { get; set; } = Defaults.KillGrace;

    /// <inheritdoc cref="ComputeOptions.SilenceLimit"/>
    [Range(typeof(TimeSpan), LeastLimit, LongestTime, ErrorMessage = "must be a time from 10 s to a day, for example 00:01:00.")]
    public TimeSpan SilenceLimit { get; set; } = Defaults.SilenceLimit;

    /// <inheritdoc cref="ComputeOptions.StallLimit"/>
    [Range(typeof(TimeSpan), LeastLimit, LongestTime, ErrorMessage = "must be a time from 10 s to a day, for example 00:01:00.")]
    public TimeSpan StallLimit { get; set; } = Defaults.StallLimit;

    /// <inheritdoc cref="ComputeOptions.PauseGrace"/>
    [Range(typeof(TimeSpan), LeastLimit, LongestTime, ErrorMessage = "must be a time from 10 s to a day, for example 00:01:00.")]
    public TimeSpan PauseGrace { get; set; } = Defaults.PauseGrace;

    /// <inheritdoc cref="ComputeOptions.ShutdownGrace"/>
    [Range(typeof(TimeSpan), LeastTime, "00:00:20", ErrorMessage = "must be a time of up to 20 s: the host itself leaves after 30.")]
    public TimeSpan ShutdownGrace { get; set; } = Defaults.ShutdownGrace;

    /// <inheritdoc cref="ComputeOptions.WarmWorker"/>
    public bool WarmWorker { get; set; } = Defaults.WarmWorker;

    /// <inheritdoc cref="ComputeOptions.KeptModels"/>
    [Range(0, 64, ErrorMessage = "must be 0 to 64.")]
    public int KeptModels { get; set; } = Defaults.KeptModels;

    /// <inheritdoc cref="ComputeOptions.KeptModelTime"/>
    [Range(typeof(TimeSpan), LeastTime, LongestTime, ErrorMessage = "must be a time of up to a day, for example 00:05:00.")]
    public TimeSpan KeptModelTime { get; set; } = Defaults.KeptModelTime;

    /// <inheritdoc cref="ComputeOptions.KeptModelMemory"/>
    [Range(0L, long.MaxValue, ErrorMessage = "must not be negative.")]
    public long KeptModelMemory { get; set; } = Defaults.KeptModelMemory;

    /// <inheritdoc cref="ComputeOptions.LowPriority"/>
    public bool LowPriority { get; set; } = Defaults.LowPriority;

    internal void ApplyTo(ComputeOptions options)
    {
        options.Accelerator = Accelerator;
        options.Accelerators = Accelerators;
        options.AcceleratorMemoryBytes = AcceleratorMemoryBytes;
        options.MemoryBytes = MemoryBytes;
        options.KillGrace = KillGrace;
        options.SilenceLimit = SilenceLimit;
        options.StallLimit = StallLimit;
        options.PauseGrace = PauseGrace;
        options.ShutdownGrace = ShutdownGrace;
        options.WarmWorker = WarmWorker;
        options.KeptModels = KeptModels;
        options.KeptModelTime = KeptModelTime;
        options.KeptModelMemory = KeptModelMemory;
        options.LowPriority = LowPriority;
    }
}
