using SynthStudio.Catalog.Secrets;

namespace SynthStudio.Api;

/// <summary>Every log message of the API.</summary>
internal static partial class ApiLog
{
    [LoggerMessage(1, LogLevel.Error, "{Method} failed unexpectedly, trace {TraceId}")]
    public static partial void UnexpectedError(this ILogger log, string method, string traceId, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "{Method} got no answer from the cluster")]
    public static partial void ClusterUnavailable(this ILogger log, string method, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "{Method} found no room in the storage")]
    public static partial void StorageFull(this ILogger log, string method, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "{Method} met a stored object that is gone or damaged")]
    public static partial void ObjectDamaged(this ILogger log, string method, Exception exception);

    [LoggerMessage(5, LogLevel.Debug, "{Method} ended when its caller left")]
    public static partial void CallerLeft(this ILogger log, string method, Exception exception);

    [LoggerMessage(10, LogLevel.Warning, "Reading the progress of {Job} failed; trying again in {Delay}")]
    public static partial void FeedRetries(this ILogger log, string job, TimeSpan delay, Exception exception);

    [LoggerMessage(11, LogLevel.Error, "The progress feed of {Job} ended unexpectedly")]
    public static partial void FeedFailed(this ILogger log, string job, Exception exception);

    [LoggerMessage(12, LogLevel.Error, "{Method}: the privacy ledger of {Population} cannot be trusted")]
    public static partial void LedgerUnsafe(this ILogger log, string method, string population, Exception exception);

    [LoggerMessage(20, LogLevel.Information, "Made {User} and an API key of theirs, stored in {File}")]
    public static partial void AdminCreated(this ILogger log, string user, string file);

    [LoggerMessage(50, LogLevel.Warning, "{User} is locked out: no API key of theirs is made, and none is in {File}")]
    public static partial void AdminLockedOut(this ILogger log, string user, string file);

    [LoggerMessage(21, LogLevel.Warning, "The last use of API key {Key} could not be noted")]
    public static partial void TouchFailed(this ILogger log, string key, Exception exception);

    [LoggerMessage(22, LogLevel.Warning, "A {Errand} failed; trying again in {Delay}")]
    public static partial void ErrandRetries(this ILogger log, string errand, TimeSpan delay, Exception exception);

    [LoggerMessage(23, LogLevel.Error, "A {Errand} failed for good")]
    public static partial void ErrandFailed(this ILogger log, string errand, Exception exception);

    [LoggerMessage(24, LogLevel.Warning, "A sign-in by another provider was refused: {Problem}")]
    public static partial void ProviderRefused(this ILogger log, string problem, Exception exception);

    [LoggerMessage(25, LogLevel.Warning, "A provider cannot be reached: {Problem}")]
    public static partial void ProviderAway(this ILogger log, string problem, Exception exception);

    [LoggerMessage(30, LogLevel.Information, "Discarded {Count} uploads that expired")]
    public static partial void UploadsExpired(this ILogger log, int count);

    [LoggerMessage(31, LogLevel.Warning, "Housekeeping failed; trying again later")]
    public static partial void HousekeepingFailed(this ILogger log, Exception exception);

    [LoggerMessage(33, LogLevel.Information, "Removed {Objects} objects ({Bytes} bytes) that nothing refers to")]
    public static partial void ObjectsRemoved(this ILogger log, int objects, long bytes);

    [LoggerMessage(48, LogLevel.Debug, "Database and scheduler have answered for {Answering} of the {Grace} that objects are kept for: none is removed yet")]
    public static partial void SweepWaits(this ILogger log, TimeSpan answering, TimeSpan grace);

    [LoggerMessage(47, LogLevel.Warning, "{Job}, which read rows, was not stopped and forgotten; housekeeping does so later")]
    public static partial void RowsNotLetGo(this ILogger log, string job, Exception exception);

    [LoggerMessage(37, LogLevel.Information, "Sealed {Count} secrets ({Kind}) by the current master key")]
    public static partial void SecretsResealed(this ILogger log, int count, SecretKind kind);

    [LoggerMessage(49, LogLevel.Warning, "{Count} secrets ({Kind}) cannot be opened by any master key that the settings name; name the one that sealed them (SynthStudio:Encryption:PreviousMasterKey)")]
    public static partial void SecretsUnreadable(this ILogger log, int count, SecretKind kind);

    [LoggerMessage(32, LogLevel.Warning, "{Method} was done, but its answer could not be kept for request id {RequestId}")]
    public static partial void AnswerNotKept(this ILogger log, string method, string requestId, Exception exception);

    [LoggerMessage(36, LogLevel.Warning, "{Method} failed, and its request id {RequestId} cannot be given free yet")]
    public static partial void IdNotFreed(this ILogger log, string method, string requestId, Exception exception);

    [LoggerMessage(34, LogLevel.Error, "{Method} could not use the object store")]
    public static partial void StorageUnavailable(this ILogger log, string method, Exception exception);

    [LoggerMessage(35, LogLevel.Error, "{Method} could not use the database")]
    public static partial void DatabaseUnavailable(this ILogger log, string method, Exception exception);

    [LoggerMessage(51, LogLevel.Error, "{Method} could not have the end of the audit trail of {Chain} on the disk")]
    public static partial void TrailNotKept(this ILogger log, string method, string chain, Exception exception);

    [LoggerMessage(41, LogLevel.Information, "Purged {Project} with {Datasets} data sets and {Generators} generators")]
    public static partial void ProjectPurged(this ILogger log, string project, int datasets, int generators);

    [LoggerMessage(42, LogLevel.Warning, "{Project} could not be purged or thinned out; trying again later")]
    public static partial void LifecycleFailed(this ILogger log, string project, Exception exception);

    [LoggerMessage(40, LogLevel.Warning, "Events for webhooks could not be read or noted; trying again")]
    public static partial void WebhooksNotRead(this ILogger log, Exception exception);

    [LoggerMessage(44, LogLevel.Warning, "Transfers could not be read or noted; trying again")]
    public static partial void TransfersNotRead(this ILogger log, Exception exception);

    [LoggerMessage(45, LogLevel.Warning, "{Transfer} was interrupted and will be begun anew")]
    public static partial void TransferInterrupted(this ILogger log, string transfer, Exception exception);

    [LoggerMessage(46, LogLevel.Error, "{Transfer} failed unexpectedly")]
    public static partial void TransferFailed(this ILogger log, string transfer, Exception exception);

    [LoggerMessage(43, LogLevel.Warning, "There was no room for a {What}: too much waits")]
    public static partial void ErrandDropped(this ILogger log, string what);
}
