using Microsoft.Extensions.Logging;
using SynthStudio.Api.Replicas;

namespace SynthStudio.Hosting;

/// <summary>What is logged while Redis does not answer.</summary>
internal static partial class RedisLog
{
    [LoggerMessage(3101, LogLevel.Warning, "Other replicas were not told of {Topic}; they notice within seconds.")]
    public static partial void NotTold(ILogger logger, Exception error, ReplicaTopic topic);

    [LoggerMessage(3102, LogLevel.Warning, "This replica does not hear the others; trying again.")]
    public static partial void NotListening(ILogger logger, Exception error);

    [LoggerMessage(3103, LogLevel.Debug, "Calls are limited by this replica alone.")]
    public static partial void LimitsApart(ILogger logger, Exception error);
}
