using System.Data.Common;
using SynthStudio.Api.Errors;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Transfers;

namespace SynthStudio.Api.Transfers;

/// <summary>A transfer fails for a reason that its user can mend. The message holds no values of data and no secrets.</summary>
internal sealed class TransferException(string reason, string message, string subject = "", Exception? inner = null) : Exception(message, inner)
{
    public WorkError Error { get; } = new(WorkErrorClass.User, reason, message, subject);

    /// <summary>Who asked for the transfer may not do so any more.</summary>
    public static TransferException NotAllowed(TransferRecord transfer) => new(
        TransferReasons.CreatorNotAllowed, $"{transfer.Creator}, who asked for it, is locked out, no editor of {transfer.Project} any more, or may not see its real rows any more. Have somebody ask for it who may.", transfer.Creator);
}

/// <summary>
/// A transfer was broken off for no fault of its own, perhaps where it is done already: it is begun anew, and sees whether it is.
/// </summary>
internal sealed class TransferInterruptedException(Exception inner) : Exception("A step did not come to its end, or nobody heard of it.", inner)
{
    /// <summary>
    /// Whether a failure is of the cluster or this server's own database. To be asked apart from what a source or target
    /// throws, which may be a database, too.
    /// </summary>
    public static bool IsOfOurs(Exception e) =>
        ClusterOutage.Is(e) || DatabaseOutage.Is(e) || e is DbException or InvalidOperationException { InnerException: DbException };
}

/// <summary>Why transfers fail, for programs.</summary>
internal static class TransferReasons
{
    public const string AddressNotAllowed = "ADDRESS_NOT_ALLOWED";
    public const string Unreachable = "ENDPOINT_UNREACHABLE";
    public const string TlsFailed = "TLS_FAILED";
    public const string LoginRefused = "LOGIN_REFUSED";
    public const string DatabaseUnknown = "DATABASE_UNKNOWN";
    public const string BucketUnknown = "BUCKET_UNKNOWN";
    public const string ObjectMissing = "OBJECT_MISSING";
    public const string RelationMissing = "RELATION_MISSING";
    public const string ColumnMissing = "COLUMN_MISSING";
    public const string NotPermitted = "ENDPOINT_FORBIDS";
    public const string QueryInvalid = "QUERY_INVALID";
    public const string QueryFailed = "QUERY_FAILED";
    public const string QueryTooSlow = "QUERY_TOO_SLOW";
    public const string ColumnUnsupported = "COLUMN_TYPE_UNSUPPORTED";
    public const string ColumnsAlike = "DUPLICATE_COLUMN";
    public const string NoColumns = "NO_COLUMNS";
    public const string TooManyRows = "TOO_MANY_ROWS";
    public const string TooLarge = "TOO_LARGE";
    public const string TimeOver = "TIME_LIMIT";
    public const string TableExists = "TABLE_EXISTS";
    public const string ObjectExists = "OBJECT_EXISTS";
    public const string ValueNotOfType = "VALUE_NOT_OF_TYPE";
    public const string SourceGone = "SOURCE_GONE";
    public const string SourceDamaged = "SOURCE_DAMAGED";
    public const string ConnectionGone = "CONNECTION_DELETED";
    public const string ContentMismatch = "CONTENT_MISMATCH";
    public const string CreatorNotAllowed = "CREATOR_NOT_ALLOWED";
    public const string Abandoned = "ABANDONED";
    public const string Internal = "INTERNAL";
}
