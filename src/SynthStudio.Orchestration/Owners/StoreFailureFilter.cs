using System.Data.Common;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace SynthStudio.Orchestration;

/// <summary>
/// Failures of stores leave a grain as one exception that every caller knows: those of databases and buckets cannot be sent to other processes, and who
/// calls can do nothing but ask again whatever it was.
/// </summary>
internal sealed class StoreFailureFilter(ILogger<StoreFailureFilter> logger) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception e) when (IsOfStore(e))
        {
            OwnerLog.StoreFailed(logger, e, context.MethodName, context.TargetId.ToString());
            throw new StoreUnavailableException(e.Message);
        }
    }

    private static bool IsOfStore(Exception? e) =>
        e is DbException or IOException or SequenceConflictException or InconsistentStateException || (e?.InnerException is { } inner && IsOfStore(inner));
}
