using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>Columns whose values are made anew: a model learns only whether there is a value. Cell 0 is one, cell 1 is missing.</summary>
internal static class PresenceLayout
{
    public static ColumnLayout Create(long present, long missing)
    {
        long[] counts = present > 0 && missing > 0 ? [present, missing] : [present + missing];
        return new ColumnLayout
        {
            Coarse = Enumerable.Range(0, counts.Length).ToArray(),
            Fine = Enumerable.Repeat(-1, counts.Length).ToArray(),
            CoarseCount = counts.Length,
            FineCount = 0,
            Features = [],
            FeatureCount = 0,
            Drawable = Enumerable.Repeat(true, counts.Length).ToArray(),
            Counts = counts,
        };
    }

    public static ushort[] Encode(Column column, ColumnLayout layout)
    {
        var cells = new ushort[column.Count];
        if (layout.Cells < 2) return cells;
        for (var row = 0; row < cells.Length; row++) cells[row] = column.IsMissing(row) ? (ushort)1 : (ushort)0;
        return cells;
    }

    public static bool IsMissing(ushort cell, ColumnLayout layout) => cell == MissingCell(layout);

    /// <summary>-1 when all rows have a value, or none.</summary>
    public static int MissingCell(ColumnLayout layout) => layout.Cells > 1 ? 1 : -1;
}
