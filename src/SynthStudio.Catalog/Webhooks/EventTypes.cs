using System.Collections.Frozen;

namespace SynthStudio.Catalog.Webhooks;

/// <summary>Types of events, <c>{kind}.{what happened}</c>, and which of them a webhook wants.</summary>
public static class EventTypes
{
    /// <summary>All of them.</summary>
    public const string All = "*";

    /// <summary>Sent to a webhook on demand, whatever it wants.</summary>
    public const string Ping = "webhook.ping";

    /// <summary>A data set has its rows.</summary>
    public const string DatasetCreated = "dataset.created";

    /// <summary>A data set was deleted; it may come back.</summary>
    public const string DatasetDeleted = "dataset.deleted";

    /// <summary>A deleted data set came back.</summary>
    public const string DatasetUndeleted = "dataset.undeleted";

    /// <summary>Somebody became a member of the project, has another role, or is none any more.</summary>
    public const string MemberChanged = "member.changed";

    /// <summary>Four fifths of a privacy budget are spent or reserved.</summary>
    public const string BudgetLow = "budget.low";

    /// <summary>A privacy budget is spent or reserved.</summary>
    public const string BudgetExhausted = "budget.exhausted";

    /// <summary>Something was refused since the project had what it may have.</summary>
    public const string QuotaReached = "quota.reached";

    private static readonly string[] Others = [DatasetCreated, DatasetDeleted, DatasetUndeleted, MemberChanged, BudgetLow, BudgetExhausted, QuotaReached];

    private static readonly FrozenSet<string> Known = Enum.GetValues<WorkKind>()
        .SelectMany(kind => new[] { WorkState.Succeeded, WorkState.Failed, WorkState.Cancelled }.Select(state => Of(kind, state))).Concat(Others).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Groups = Enum.GetValues<WorkKind>().Select(Lower).Concat(Others.Select(type => type[..type.IndexOf('.', StringComparison.Ordinal)]))
        .Select(kind => $"{kind}.*").Append(All).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The type of a job's end, for example <c>training.succeeded</c>.</summary>
    public static string Of(WorkKind kind, WorkState end) => $"{Lower(kind)}.{Lower(end)}";

    /// <summary>Whether something can be wanted: a type, all of a kind, or all.</summary>
    public static bool IsPattern(string pattern) => Known.Contains(pattern) || Groups.Contains(pattern);

    /// <summary>Whether one of the patterns is of this type; no pattern at all is of every type.</summary>
    public static bool Match(IReadOnlyList<string> patterns, string type) => patterns.Count == 0
        || patterns.Any(pattern => pattern == type || pattern == All || (pattern.EndsWith(".*", StringComparison.Ordinal) && type.StartsWith(pattern[..^1], StringComparison.Ordinal)));

    private static string Lower<T>(T constant) where T : struct, Enum => constant.ToString().ToLowerInvariant();
}
