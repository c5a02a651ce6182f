using System.Text;

namespace SynthStudio.Tabular;

/// <summary>Which texts of one column mean a missing value: the usual ones, or those that its markers name.</summary>
internal sealed class MissingTexts
{
    private readonly byte[][]? markers;
    private readonly byte[][] values;

    /// <param name="markers">What is said of the column; null for the usual texts.</param>
    /// <param name="order">Its ordered categories, which are values whatever they are called; null for none.</param>
    public MissingTexts(MissingMarkers? markers, CategoryOrder? order)
    {
        this.markers = markers?.Texts.Select(Encoding.UTF8.GetBytes).ToArray();
        values = [.. (order?.Categories ?? []).Select(Encoding.UTF8.GetBytes).Where(text => NullText.IsNull(text) || NullText.IsUnknown(text))];
    }

    public static MissingTexts Of(ColumnSchema column) => new(column.MissingMarkers, column.Order);

    /// <summary>Whether a trimmed text means a missing value, whatever the column's kind.</summary>
    public bool IsNull(ReadOnlySpan<byte> text) =>
        text.Length == 0 || (markers is null ? NullText.IsNull(text) && !Has(values, text) : Has(markers, text));

    /// <summary>Whether a trimmed text means a missing value in a column of numbers or times; see <see cref="NullText.IsUnknown"/>.</summary>
    public bool IsUnknown(ReadOnlySpan<byte> text) => markers is null && NullText.IsUnknown(text) && !Has(values, text);

    private static bool Has(byte[][] texts, ReadOnlySpan<byte> text)
    {
        foreach (var one in texts)
        {
            if (text.SequenceEqual(one)) return true;
        }

        return false;
    }
}
