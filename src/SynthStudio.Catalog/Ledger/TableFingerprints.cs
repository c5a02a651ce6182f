using System.Text.Json;

namespace SynthStudio.Catalog;

/// <summary>What is remembered of a table to find the same people in another one.</summary>
/// <param name="Rows">By whole rows: copies, extensions, parts.</param>
/// <param name="Groups">By cells and pairs of cells: columns more or less, joins.</param>
internal sealed record TableFingerprints(RowSketch Rows, GroupSketch Groups)
{
    /// <summary>While they are not known.</summary>
    public static TableFingerprints None { get; } = new(RowSketch.Empty, GroupSketch.Empty);

    /// <summary>What a profiling job wrote.</summary>
    public static TableFingerprints FromJson(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new TableFingerprints(
            RowSketch.FromBytes(root.GetProperty("fingerprints").GetBytesFromBase64(), root.GetProperty("whole").GetBoolean(), root.GetProperty("repeated").GetDouble()),
            new GroupSketch(root.GetProperty("groups").GetBytesFromBase64()));
    }

    public bool AreRelatedTo(TableFingerprints other) => Rows.IsRelatedTo(other.Rows) || Groups.IsRelatedTo(other.Groups);
}
