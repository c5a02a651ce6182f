using Microsoft.Extensions.Logging;

namespace SynthStudio.Orchestration;

/// <summary>What the scheduler logs.</summary>
internal static partial class SchedulerLog
{
    [LoggerMessage(1101, LogLevel.Information, "{Job} goes to silo {Silo} under epoch {Epoch}.")]
    public static partial void Dispatched(ILogger logger, string job, string silo, long epoch);

    [LoggerMessage(1102, LogLevel.Warning, "Silo {Silo} did not take {Job} under epoch {Epoch}; it waits again.")]
    public static partial void NotTaken(ILogger logger, Exception? error, string silo, string job, long epoch);

    [LoggerMessage(1103, LogLevel.Warning, "The lease of {Job} (epoch {Epoch}) ended: silo {Silo} is gone or was silent.")]
    public static partial void LeaseEnded(ILogger logger, string job, long epoch, string silo);

    [LoggerMessage(1104, LogLevel.Warning, "The owner of {Job} could not be told that its lease ended; it notices at the next one.")]
    public static partial void OwnerNotTold(ILogger logger, Exception error, string job);

    [LoggerMessage(1105, LogLevel.Error, "Giving out work failed; it is tried again within seconds.")]
    public static partial void PumpFailed(ILogger logger, Exception error);

    [LoggerMessage(1106, LogLevel.Information, "Compute silo {Silo} ({Accelerator}, {Slots} slots) reports for work.")]
    public static partial void SiloJoined(ILogger logger, string silo, string accelerator, int slots);

    [LoggerMessage(1107, LogLevel.Information, "{Job} (epoch {Epoch}) gives way to more urgent work.")]
    public static partial void GivesWay(ILogger logger, string job, long epoch);

    [LoggerMessage(1109, LogLevel.Warning, "Silo {Silo} takes no work for a minute: one job after another failed there for a reason of its own, last {Job}.")]
    public static partial void SiloRests(ILogger logger, string silo, string job);

    [LoggerMessage(1108, LogLevel.Information, "Silo {Silo}: cordoned is now {Cordoned}.")]
    public static partial void CordonChanged(ILogger logger, string silo, bool cordoned);
}
