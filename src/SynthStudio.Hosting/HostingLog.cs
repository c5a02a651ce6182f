using Microsoft.Extensions.Logging;

namespace SynthStudio.Hosting;

/// <summary>What composing and joining logs.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(3001, LogLevel.Warning, "No silo of the cluster answers yet: {Problem}")]
    public static partial void NoSilo(ILogger logger, string problem);

    [LoggerMessage(3002, LogLevel.Warning, "Unsafe setting: {Problem}")]
    public static partial void UnsafeSetting(ILogger logger, SettingProblem problem);
}
