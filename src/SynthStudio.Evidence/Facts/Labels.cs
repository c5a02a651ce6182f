namespace SynthStudio.Evidence.Facts;

/// <summary>Resources as people are shown them in sentences; the full name stands with the source.</summary>
internal static class Labels
{
    private const int LongestId = 20, EndOfId = 8;

    /// <summary>The display name with the id, shortened to its end where it is long; the id alone without one.</summary>
    public static string Of(string displayName, string name) => displayName.Length > 0 ? $"{displayName} ({Short(name)})" : Short(name);

    /// <summary>The last part of a name; of a long one its end, in which ids made by the server differ.</summary>
    public static string Short(string name)
    {
        var id = name[(name.LastIndexOf('/') + 1)..];
        return id.Length <= LongestId ? id : "…" + id[^EndOfId..];
    }
}
