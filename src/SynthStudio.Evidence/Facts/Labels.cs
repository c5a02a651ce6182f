namespace SynthStudio.Evidence.Facts;

/// <summary>Resources as people are shown them in sentences; the full name stands with the source.</summary>
public static class Labels
{
    /// <summary>State of what was deleted, and is stored until its time to be brought back is over.</summary>
    public const string Deleted = "Deleted";

    private const int LongestId = 20, EndOfId = 8;

    /// <summary>The label, with a word that it was deleted if it was.</summary>
    public static string Mark(string label, string state) => state == Deleted ? $"{label}, deleted" : label;

    /// <summary>The display name with the id, shortened to its end where it is long; the id alone without one.</summary>
    public static string Of(string displayName, string name) => displayName.Length > 0 ? $"{displayName} ({Short(name)})" : Short(name);

    /// <summary>The last part of a name; of a long one its end, in which ids made by the server differ.</summary>
    public static string Short(string name)
    {
        var id = name[(name.LastIndexOf('/') + 1)..];
        return id.Length <= LongestId ? id : "…" + id[^EndOfId..];
    }
}
