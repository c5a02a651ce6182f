using Microsoft.Extensions.Logging;

namespace SynthStudio.Orchestration;

/// <summary>What the reconciler logs.</summary>
internal static partial class ReconcilerLog
{
    [LoggerMessage(1201, LogLevel.Warning, "{Name} could not be reconciled; the next round tries again.")]
    public static partial void OneFailed(ILogger logger, Exception error, string name);

    [LoggerMessage(1202, LogLevel.Warning, "Reconciling failed; the next round tries again.")]
    public static partial void RoundFailed(ILogger logger, Exception error);
}
