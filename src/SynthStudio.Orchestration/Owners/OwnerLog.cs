using Microsoft.Extensions.Logging;

namespace SynthStudio.Orchestration;

/// <summary>What owners of work log.</summary>
internal static partial class OwnerLog
{
    [LoggerMessage(1001, LogLevel.Information, "{Job} is {State} (attempt {Attempt}, epoch {Epoch}).")]
    public static partial void Moved(ILogger logger, string job, WorkState state, int attempt, long epoch);

    [LoggerMessage(1002, LogLevel.Warning, "{Owner} could not do {Effect} for {Job}; it is repeated.")]
    public static partial void EffectFailed(ILogger logger, Exception error, string owner, string effect, string job);

    [LoggerMessage(1003, LogLevel.Error, "{Owner} could not store its state; it starts anew from what is stored.")]
    public static partial void WriteFailed(ILogger logger, Exception error, string owner);

    [LoggerMessage(1004, LogLevel.Warning, "{Owner}: another activation wrote to the progress log of {Job}; this one gives way.")]
    public static partial void GaveWay(ILogger logger, Exception error, string owner, string job);

    [LoggerMessage(1005, LogLevel.Warning, "{Owner} could not set its reminder; the reconciler looks after it alone.")]
    public static partial void NoReminder(ILogger logger, Exception error, string owner);

    [LoggerMessage(1006, LogLevel.Debug, "{Job}: silo {Silo} could not be nudged; it asks by itself within seconds.")]
    public static partial void NudgeFailed(ILogger logger, Exception error, string job, string silo);

    [LoggerMessage(1008, LogLevel.Warning, "{Method} of {Grain} met a store that does not answer; its caller asks again.")]
    public static partial void StoreFailed(ILogger logger, Exception error, string method, string grain);

    [LoggerMessage(1009, LogLevel.Warning, "{Job}: a limit of time seems to have passed, and the store that knows the time does not answer; it is asked again.")]
    public static partial void NoTime(ILogger logger, Exception error, string job);

    [LoggerMessage(1010, LogLevel.Warning, "{Job}: a limit of time has passed by this silo's clock, and by the store's, {Clock}, it has not. This silo's clock is wrong.")]
    public static partial void WrongClock(ILogger logger, string job, DateTimeOffset clock);

    [LoggerMessage(1007, LogLevel.Information, "{Job}: refused epoch {Epoch} of silo {Silo}; the newest is {Newest}.")]
    public static partial void RefusedLease(ILogger logger, string job, long epoch, string silo, long newest);
}
