using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>
/// Learns the codec of one column of keys: its pattern from rows that are held in memory, what fresh keys must keep clear of from every key that
/// there is, met one after the other, in bounded memory.
/// </summary>
internal sealed class KeyFit : IMeetsKeys
{
    private const double LeastFreedom = 1_000;

    private readonly IdentifierCodec pattern;
    private readonly FreshPrefixSearch? search;
    private readonly KeyCounts? counts;
    private readonly int threshold;
    private int longest;

    private KeyFit(IdentifierCodec pattern, FreshPrefixSearch? search, KeyCounts? counts, int threshold) =>
        (this.pattern, this.search, this.counts, this.threshold, longest) = (pattern, search, counts, threshold, pattern.Longest);

    /// <summary>Begins with the pattern of the column.</summary>
    /// <param name="column">Rows that are learned.</param>
    /// <param name="threshold">So many keys must share a character, or be about as frequent, for that to be kept.</param>
    /// <param name="mayRepeat">Whether fresh keys are to repeat as those of the column do.</param>
    public static KeyFit Of(CodedColumn column, int threshold, bool mayRepeat)
    {
        var keys = column.Codes.Where(code => code != CodedColumn.Missing).Distinct().Select(code => column.Values[code]).Where(v => v.Length > 0).ToArray();
        var missing = column.Codes.LongCount(code => code == CodedColumn.Missing);
        var alphabets = keys.Length == 0 ? [PositionAlphabets.Digits] : Alphabets(keys, threshold);
        return new KeyFit(
            new IdentifierCodec(column.Schema, alphabets, "", 0, column.Count - missing, missing),
            keys.Length == 0 ? null : new FreshPrefixSearch(alphabets, ""), mayRepeat ? new KeyCounts() : null, threshold);
    }

    /// <summary>Begins with what an earlier model knows: fresh keys keep clear of those that it learned, and of those that are met now.</summary>
    /// <param name="earlier">The column in that model.</param>
    /// <param name="mayRepeat">Whether fresh keys may repeat as those of that model did.</param>
    public static KeyFit From(IdentifierCodec earlier, bool mayRepeat) =>
        new(
            mayRepeat ? earlier : earlier.WithRepeats(null),
            earlier.FreshPrefix.Length == 0 ? null : new FreshPrefixSearch(earlier.Alphabets, earlier.FreshPrefix),
            null, 0);

    public string Name => pattern.Schema.Name;

    /// <summary>Fresh keys keep clear of the column's texts.</summary>
    public void Add(CodedColumn column, bool counts)
    {
        foreach (var key in column.Values)
        {
            longest = Math.Max(longest, key.Length);
            search?.Add(key);
        }

        if (counts) this.counts?.Add(column);
    }

    /// <summary>The codec.</summary>
    public IdentifierCodec Finish() => new(
        pattern.Schema, pattern.Alphabets, search?.Find() ?? "", longest, pattern.PresentCount, pattern.MissingCount,
        counts is null ? pattern.Repeats : KeyRepeats.Of(counts.PerKey(), threshold, Name));

    private static string[] Alphabets(string[] keys, int threshold)
    {
        var length = keys.GroupBy(key => key.Length).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;
        var typical = keys.Where(key => key.Length == length).ToArray();
        // Few of many possible keys tell which characters are meant; dense ones leave no room for new keys among them.
        var alphabets = PositionAlphabets.Of(typical, threshold);
        return PositionAlphabets.Capacity(alphabets) < LeastFreedom * typical.Length ? PositionAlphabets.Of(typical, threshold, wide: true) : alphabets;
    }
}
