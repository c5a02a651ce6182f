using System.Text.Json;

namespace SynthStudio.Catalog;

/// <summary>What is remembered of a table to find the same people in another one.</summary>
/// <param name="Rows">By whole rows: copies, extensions, parts.</param>
/// <param name="Groups">By cells and pairs of cells: columns more or less, joins.</param>
internal sealed record TableFingerprints(RowSketch Rows, GroupSketch Groups)
{
    /// <summary>While they are not known.</summary>
    public static TableFingerprints None { get; } = new(RowSketch.Empty, GroupSketch.Empty);

    /// <summary>What a profiling job wrote; one of a version that knew whole rows only wrote nothing of cells, and not how many rows are equal.</summary>
    public static TableFingerprints FromJson(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var repeated = root.TryGetProperty("repeated", out var share) ? share.GetDouble() : 0;
        return new TableFingerprints(
            RowSketch.FromBytes(root.GetProperty("fingerprints").GetBytesFromBase64(), root.GetProperty("whole").GetBoolean(), repeated),
            root.TryGetProperty("groups", out var groups) ? new GroupSketch(groups.GetBytesFromBase64()) : GroupSketch.Empty);
    }

    public bool AreRelatedTo(TableFingerprints other) => Rows.IsRelatedTo(other.Rows) || Groups.IsRelatedTo(other.Groups);
}
