using System.Diagnostics;
using Google.Rpc;
using SynthStudio.Assistant;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Api.Errors;

/// <summary>From what a service throws to what a client sees. Unknown exceptions show a trace id and nothing of the inside.</summary>
internal sealed class ErrorMapper(ILogger<ErrorMapper> log)
{
    /// <summary>The error for the client; null when the exception is one already.</summary>
    public RpcException? Map(Exception exception, ServerCallContext context)
    {
        var mapped = Find(exception, context);
        RetryHeader.Set(mapped ?? exception as RpcException, context);
        return mapped;
    }

    private RpcException? Find(Exception exception, ServerCallContext context) => exception switch
    {
        RpcException rpc => HasDetails(rpc) ? null : Detail(rpc),
        WorkNotFoundException e => ApiErrors.NotFound(e.Name),
        WorkStateException e => ApiErrors.Precondition(ErrorReasons.StateForbids, e.Name, e.Message),
        MethodsUnknownException e => ApiErrors.Create(Code.Unavailable, e.Reason, e.Message),
        BudgetExhaustedException e => ApiErrors.BudgetExhausted(e),
        LedgerUnsafeException e => Unsafe(e, context),
        PartitionException e => ApiErrors.Precondition(ErrorReasons.Of(e.Problem), e.Dataset, e.Message),
        WorkChangedException e => ApiErrors.EtagMismatch(e.Name),
        AlreadyExistsException e => ApiErrors.AlreadyExists(e.Name),
        VersionConflictException e => ApiErrors.EtagMismatch(e.Name),
        ProjectNotEmptyException e => ApiErrors.Precondition(ErrorReasons.StillUsed, e.Name, e.Message),
        UserLockedOutException e => ApiErrors.Precondition(ErrorReasons.StateForbids, e.Name, e.Message),
        NotOwnerException e => ApiErrors.PermissionDenied(ErrorReasons.RoleTooLow, e.Message),
        LastOwnerException e => ApiErrors.Precondition(ErrorReasons.LastOwner, e.Name, e.Message),
        AssistantException e => ApiErrors.Assistant(e),
        OperationCanceledException when context.CancellationToken.IsCancellationRequested =>
            ApiErrors.Create(Code.Cancelled, ErrorReasons.Cancelled, "The caller left or its deadline passed."),
        Google.Protobuf.InvalidProtocolBufferException =>
            ApiErrors.Create(Code.InvalidArgument, ErrorReasons.InvalidMessage, FrameworkErrors.MessageUnreadable),
        CallerLeftException => Left(exception, context),
        IOException or InvalidOperationException when HasLeft(context) => Left(exception, context),
        OperationCanceledException => ApiErrors.Unavailable(ErrorReasons.ClusterUnavailable, "The server is stopping.", TimeSpan.FromSeconds(1)),
        StorageFullException e => DiskFull(e, context),
        StorageUnavailableException e => StorageUnavailable(e, context),
        TrailDiskException e => TrailNotKept(e, context),
        UploadNotFoundException => ApiErrors.Precondition(ErrorReasons.StateForbids, "upload", "The upload has ended."),
        UploadSizeException e => ApiErrors.InvalidField("size_bytes", e.Message),
        UploadChecksumException e => ApiErrors.DataLoss(ErrorReasons.ContentMismatch, "upload", e.Message),
        ObjectNotFoundException or ObjectCorruptException => Damaged((IOException)exception, context),
        _ when DatabaseOutage.Is(exception) => DatabaseUnavailable(exception, context),
        _ when ClusterOutage.Is(exception) => Busy(exception, context),
        _ => Unknown(exception, context),
    };

    /// <summary>
    /// Whether nobody waits for an answer. The connection knows of it a moment before the call's token, and
    /// refuses what is written from then on.
    /// </summary>
    private static bool HasLeft(ServerCallContext context) =>
        context.CancellationToken.IsCancellationRequested || context.GetHttpContext().RequestAborted.IsCancellationRequested;

    private static bool HasDetails(RpcException rpc) => rpc.Trailers.Get("grpc-status-details-bin") is not null;

    /// <summary>An error of the gRPC library itself, for example a message that is too large.</summary>
    private static RpcException Detail(RpcException rpc)
    {
        var code = (Code)rpc.StatusCode;
        return rpc.StatusCode == StatusCode.ResourceExhausted
            ? ApiErrors.TooLarge("message", FrameworkErrors.MessageTooLarge)
            : ApiErrors.Create(code, code.ToString().ToUpperInvariant(), rpc.Status.Detail);
    }

    private RpcException Left(Exception e, ServerCallContext context)
    {
        log.CallerLeft(context.Method, e);
        return ApiErrors.Create(Code.Cancelled, ErrorReasons.Cancelled, "The caller left.");
    }

    private RpcException DiskFull(StorageFullException e, ServerCallContext context)
    {
        log.StorageFull(context.Method, e);
        return ApiErrors.Create(
            Code.ResourceExhausted, ErrorReasons.StorageFull, "The server's storage is full. What was committed is kept; go on when there is room.");
    }

    private RpcException StorageUnavailable(StorageUnavailableException e, ServerCallContext context)
    {
        log.StorageUnavailable(context.Method, e);
        return ApiErrors.Unavailable(ErrorReasons.StorageUnavailable, "The server's object store does not answer; try again.", TimeSpan.FromSeconds(5));
    }

    private RpcException TrailNotKept(TrailDiskException e, ServerCallContext context)
    {
        log.TrailNotKept(context.Method, e.Chain, e);
        return ApiErrors.Unavailable(
            ErrorReasons.StorageUnavailable,
            "The disk of the server's database does not take the end of the audit trail, so it is not signed. "
            + "Try again; why it fails is in the log.",
            TimeSpan.FromSeconds(5));
    }

    private RpcException DatabaseUnavailable(Exception e, ServerCallContext context)
    {
        log.DatabaseUnavailable(context.Method, e);
        return ApiErrors.Unavailable(ErrorReasons.DatabaseUnavailable, "The server's database does not answer; try again.", TimeSpan.FromSeconds(1));
    }

    private RpcException Damaged(IOException e, ServerCallContext context)
    {
        log.ObjectDamaged(context.Method, e);
        return ApiErrors.Create(Code.DataLoss, ErrorReasons.ObjectDamaged, "A stored file is gone or damaged. The operator finds it in the log.");
    }

    private RpcException Unsafe(LedgerUnsafeException e, ServerCallContext context)
    {
        log.LedgerUnsafe(context.Method, e.Population, e);
        return ApiErrors.Precondition(ErrorReasons.LedgerUnsafe, e.Population, e.Message);
    }

    private RpcException Busy(Exception e, ServerCallContext context)
    {
        log.ClusterUnavailable(context.Method, e);
        return ApiErrors.Unavailable(ErrorReasons.ClusterUnavailable, "The cluster did not answer in time. Try again.", TimeSpan.FromSeconds(1));
    }

    private RpcException Unknown(Exception e, ServerCallContext context)
    {
        var trace = Activity.Current?.TraceId.ToHexString() ?? context.GetHttpContext().TraceIdentifier;
        log.UnexpectedError(context.Method, trace, e);
        return ApiErrors.Create(
            Code.Internal, ErrorReasons.Internal, $"Something went wrong here. The operator finds it under {trace}.", [("trace_id", trace)]);
    }
}
