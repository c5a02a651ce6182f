using System.Collections.Frozen;

namespace SynthStudio.Catalog.Webhooks;

/// <summary>Types of events, <c>{kind}.{end}</c>, and which of them a webhook wants.</summary>
public static class EventTypes
{
    /// <summary>All of them.</summary>
    public const string All = "*";

    /// <summary>Sent to a webhook on demand, whatever it wants.</summary>
    public const string Ping = "webhook.ping";

    private static readonly FrozenSet<string> Known = Enum.GetValues<WorkKind>()
        .SelectMany(kind => new[] { WorkState.Succeeded, WorkState.Failed, WorkState.Cancelled }.Select(state => Of(kind, state))).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Groups = Enum.GetValues<WorkKind>().Select(kind => $"{Lower(kind)}.*").Append(All).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The type of a job's end, for example <c>training.succeeded</c>.</summary>
    public static string Of(WorkKind kind, WorkState end) => $"{Lower(kind)}.{Lower(end)}";

    /// <summary>Whether something can be wanted: a type, all of a kind, or all.</summary>
    public static bool IsPattern(string pattern) => Known.Contains(pattern) || Groups.Contains(pattern);

    /// <summary>Whether one of the patterns is of this type; no pattern at all is of every type.</summary>
    public static bool Match(IReadOnlyList<string> patterns, string type) => patterns.Count == 0
        || patterns.Any(pattern => pattern == type || pattern == All || (pattern.EndsWith(".*", StringComparison.Ordinal) && type.StartsWith(pattern[..^1], StringComparison.Ordinal)));

    private static string Lower<T>(T constant) where T : struct, Enum => constant.ToString().ToLowerInvariant();
}
