using System.Collections.Frozen;
using SynthStudio.Catalog.Transfers;

namespace SynthStudio.Catalog.Webhooks;

/// <summary>Types of events, <c>{kind}.{what happened}</c>, and which of them a webhook wants.</summary>
public static class EventTypes
{
    /// <summary>All of them.</summary>
    public const string All = "*";

    /// <summary>Sent to a webhook on demand, whatever it wants.</summary>
    public const string Ping = "webhook.ping";

    /// <summary>Somebody became a member of the project, has another role, or is none any more.</summary>
    public const string MemberChanged = "member.changed";

    /// <summary>Four fifths of a privacy budget are spent or reserved.</summary>
    public const string BudgetLow = "budget.low";

    /// <summary>A privacy budget is spent or reserved.</summary>
    public const string BudgetExhausted = "budget.exhausted";

    /// <summary>Something was refused since the project had what it may have.</summary>
    public const string QuotaReached = "quota.reached";

    private static readonly FrozenSet<string> Known =
    [
        .. Enum.GetValues<WorkKind>().Where(IsTold).SelectMany(kind =>
            new[] { WorkState.Succeeded, WorkState.Failed, WorkState.Cancelled }.Select(state => Of(kind, state))),
        .. new[] { true, false }.SelectMany(isImport =>
            new[] { TransferState.Succeeded, TransferState.Failed, TransferState.Cancelled }.Select(state => Of(isImport, state))),
        Of(ResourceKind.Dataset, ResourceChange.Created),
        .. Enum.GetValues<ResourceKind>().SelectMany(kind =>
            new[] { ResourceChange.Deleted, ResourceChange.Undeleted, ResourceChange.Purged }.Select(change => Of(kind, change))),
        MemberChanged, BudgetLow, BudgetExhausted, QuotaReached,
    ];

    private static readonly FrozenSet<string> Groups = [.. Known.Select(type => $"{type[..type.IndexOf('.', StringComparison.Ordinal)]}.*"), All];

    /// <summary>Whether webhooks are told of the ends of such jobs; not of extractions, which are a step of downloads and exports.</summary>
    public static bool IsTold(WorkKind kind) => kind != WorkKind.Extraction;

    /// <summary>The type of a job's end, for example <c>training.succeeded</c>.</summary>
    public static string Of(WorkKind kind, WorkState end) => $"{Lower(kind)}.{Lower(end)}";

    /// <summary>The type of a transfer's end, for example <c>import.failed</c>.</summary>
    public static string Of(bool isImport, TransferState end) => $"{(isImport ? "import" : "export")}.{Lower(end)}";

    /// <summary>The type of a change of what people work with, for example <c>dataset.deleted</c>.</summary>
    public static string Of(ResourceKind kind, ResourceChange change) => $"{(kind == ResourceKind.SyntheticDataset ? "synthetic_dataset" : Lower(kind))}.{Lower(change)}";

    /// <summary>Whether something can be wanted: a type, all of a kind, or all.</summary>
    public static bool IsPattern(string pattern) => Known.Contains(pattern) || Groups.Contains(pattern);

    /// <summary>Whether one of the patterns is of this type; no pattern at all is of every type.</summary>
    public static bool Match(IReadOnlyList<string> patterns, string type) => patterns.Count == 0
        || patterns.Any(pattern => pattern == type || pattern == All
            || (pattern.EndsWith(".*", StringComparison.Ordinal) && type.StartsWith(pattern[..^1], StringComparison.Ordinal)));

    private static string Lower<T>(T constant) where T : struct, Enum => constant.ToString().ToLowerInvariant();
}

/// <summary>What people work with, and what is hidden for a while when they delete it.</summary>
public enum ResourceKind
{
    Dataset,
    Generator,
    SyntheticDataset,
}

/// <summary>What happens in the life of something that people work with.</summary>
public enum ResourceChange
{
    /// <summary>It has its rows.</summary>
    Created,

    /// <summary>It was deleted; it may come back.</summary>
    Deleted,

    /// <summary>It came back.</summary>
    Undeleted,

    /// <summary>It is gone for good.</summary>
    Purged,
}
