using System.Text;

namespace SynthStudio.Tabular;

/// <summary>The most frequent of many distinct texts; among equally frequent ones the first in byte order, so that order of arrival is no matter.</summary>
internal sealed class TopTexts(int most)
{
    private const int LongestShown = 200;
    private readonly List<(byte[] Text, long Rows)> kept = [];

    public void Add(ReadOnlySpan<byte> text, long rows)
    {
        if (kept.Count == most && (most == 0 || !Before(text, rows, kept[^1])))
        {
            return;
        }

        var place = kept.Count;
        while (place > 0 && Before(text, rows, kept[place - 1]))
        {
            place--;
        }

        if (kept.Count == most)
        {
            kept.RemoveAt(most - 1);
        }

        kept.Insert(place, (text[..Math.Min(text.Length, LongestShown * 4)].ToArray(), rows));
    }

    public IReadOnlyList<TopValue> Values() => [.. kept.Select(k => new TopValue(Shorten(Encoding.UTF8.GetString(k.Text)), k.Rows))];

    private static string Shorten(string text) => text.Length <= LongestShown ? text : text[..LongestShown] + "…";

    private static bool Before(ReadOnlySpan<byte> text, long rows, (byte[] Text, long Rows) other) =>
        rows != other.Rows ? rows > other.Rows : text.SequenceCompareTo(other.Text) < 0;
}
